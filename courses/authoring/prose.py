"""The Markdown of scenes, prompts and answers, turned into safe HTML."""

from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.authoring.errors import Place
from courses.authoring.lesson import Prose

ALLOWED = {
    "paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak",
    "strong_open", "strong_close", "em_open", "em_close",
    "bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close",
    "list_item_open", "list_item_close", "blockquote_open", "blockquote_close", "image",
}  # fmt: skip
IMAGES = "images/"
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["lheading", "reference"])


def to_prose(text: str, place: Place) -> Prose:
    """`text` begins on the line of `place`; links, raw HTML, headings and code are refused."""
    tokens = MARKDOWN.parse(text)
    images = tuple(name for token in tokens for name in check_token(token, place))
    return Prose(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}).strip(), images)


def to_phrase(text: str, place: Place) -> str:
    """One line without a paragraph around it and without pictures."""
    tokens = MARKDOWN.parseInline(text)
    if any(check_token(token, place) for token in tokens):
        place.refuse("a picture cannot stand in an answer; put it above the answers")
    return str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})).strip()


def check_token(token: Token, place: Place) -> Sequence[str]:
    """Refuse what a lesson may not hold; return the names of the pictures and point them at their folder."""
    here = place.at(place.line + token.map[0]) if token.map else place
    if token.type.startswith("link"):
        here.refuse("a link would lead out of the lesson; write the address as plain text")
    if token.type not in ALLOWED:
        here.refuse("only paragraphs, lists, quotes, bold, italics and pictures can stand here")
    if token.type == "image":
        return [check_image(token, here)]
    return [name for child in token.children or () for name in check_token(child, here)]


def check_image(token: Token, here: Place) -> str:
    name = str(token.attrs["src"])
    if "/" in name or "\\" in name or ":" in name or not name.endswith(".svg"):
        here.refuse('"%(name)s" is not an .svg picture in the folder of the lesson', name=name)
    if not token.content.strip():
        here.refuse("say in the square brackets what the picture %(name)s shows", name=name)
    token.attrs["src"] = IMAGES + name
    return name


def plain(text: str) -> str:
    return escape(text, quote=True)
