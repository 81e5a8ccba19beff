"""The one blueprint of this room's content origins."""

from flask import Blueprint

bp = Blueprint("cmi5", __name__)
