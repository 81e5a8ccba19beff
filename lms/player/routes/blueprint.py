"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("player", __name__)
