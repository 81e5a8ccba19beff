"""Signing in and out, the first sign-in with a code, and one's own account."""

from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from lms.accounts import queries, services
from lms.accounts.access import GUEST, current_account, public, signed_in, the_account
from lms.accounts.forms import CodeForm, NewAccountForm, NewPasswordForm, PasswordForm, SignInForm
from lms.accounts.models import Account, SignInCode
from lms.core.audit import Act, log
from lms.core.errors import Refused
from lms.core.events import SignedOut, send
from lms.core.i18n import gettext as _
from lms.core.i18n import words_of
from lms.core.web import runtime, session
from lms.core.web.language import here
from lms.core.web.security import limiter

bp = Blueprint("accounts", __name__)


def _attempted_name() -> str:
    return f"sign-in:{request.form.get('username', '').strip().lower()}"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("30 per 5 minutes", methods=["POST"])
@limiter.limit("10 per 5 minutes", methods=["POST"], key_func=_attempted_name)
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in. A wrong name and a wrong password get the same answer."""
    if current_account() is not None:
        return redirect(url_for("home.front"))
    form = SignInForm(next=request.args.get("next"))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form)
    account = services.sign_in(session(), form.username.data, form.password.data)
    if account is None:
        form.username.errors = [_("The user name or the password is not right. Check both and try again.")]
        return render_template("accounts/sign_in.html", form=form), 401
    return _enter(account, here(form.next.data, url_for("home.front")))


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """Sign out, and leave nothing of this person in the browser (see also `js/offline/left.js`)."""
    account = current_account()
    if account is not None:
        log(session(), Act.SIGNED_OUT, actor=account.id)
        if account.person is not None:
            send(session(), SignedOut(account.person))
    logout_user()
    cookie.clear()
    flash(_("You are signed out. You can leave this phone to somebody else now."))
    return redirect(url_for("home.front"))


@bp.route("/first-sign-in", methods=["GET", "POST"])
@public
@limiter.limit("20 per 10 minutes", methods=["POST"])
def first_sign_in() -> str | Response:
    """Ask for the code on the slip."""
    form = CodeForm()
    if form.validate_on_submit():
        return redirect(url_for("accounts.new_account", code=form.code.data.strip()))
    return render_template("accounts/first_sign_in.html", form=form)


@bp.route("/first-sign-in/<code>", methods=["GET", "POST"])
@public
@limiter.limit("60 per 10 minutes")
def new_account(code: str) -> str | Response | tuple[str, int]:
    """Make the account that a code stands for, or choose a new password; also where a link may lead."""
    secret = runtime().settings.secret_key
    found = queries.open_code(session(), code, secret)
    if found is None:
        form = CodeForm(code=code)
        form.code.errors = [
            _("This code is not valid, or it was used already. Ask your manager for a new one.")
        ]
        return render_template("accounts/first_sign_in.html", form=form), 404
    if found.account_id is not None:
        return _new_password(code, found)
    form = NewAccountForm(username=found.suggestion)
    if form.validate_on_submit():
        try:
            account = services.use_code(
                session(), code, secret, username=form.username.data, password=form.password.data
            )
        except Refused as refusal:
            form.username.errors = [words_of(refusal)]
        else:
            flash(_("Your account is ready. Next time sign in as “%(name)s”.", name=account.username))
            return _enter(account, url_for("home.front"))
    return render_template("accounts/new_account.html", form=form, name=found.name)


@bp.route("/account", methods=["GET", "POST"])
@signed_in
@limiter.limit("10 per 5 minutes", methods=["POST"])
def account() -> str | Response:
    """One's own account: its roles, and changing the password."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            services.change_password(session(), the_account(), old=form.old.data, new=form.new.data)
        except Refused as refusal:
            form.old.errors = [words_of(refusal)]
        else:
            login_user(the_account())
            flash(_("Your password is changed. Other devices must sign in again."))
            return redirect(url_for("accounts.account"))
    return render_template("accounts/account.html", form=form)


def _new_password(code: str, found: SignInCode) -> str | Response:
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template(
            "accounts/new_password.html", form=form, name=found.name, username=found.suggestion
        )
    secret = runtime().settings.secret_key
    account = services.use_reset_code(session(), code, secret, password=form.password.data)
    flash(_("Your new password holds from now on. Your user name is “%(name)s”.", name=account.username))
    return _enter(account, url_for("home.front"))


def _enter(account: Account, target: str) -> Response:
    """Begin a session of this account, with what was tried as a guest offered to it."""
    guest = cookie.get(GUEST)
    cookie.clear()
    login_user(account)
    if guest and account.person:
        cookie[GUEST] = guest
        return redirect(f"{url_for('player.tried')}?next={quote(target)}")
    return redirect(target)
