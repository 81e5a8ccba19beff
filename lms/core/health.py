"""Whether what the application stands on answers."""

from sqlalchemy.exc import SQLAlchemyError

from lms.core.runtime import Runtime


def database_answers(of: Runtime) -> bool:
    try:
        return of.database.answers()
    except SQLAlchemyError:
        return False


def broker_answers(of: Runtime) -> bool:
    try:
        with of.celery.connection_for_read(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
            connection.default_channel.queue_declare("celery", durable=True)
    except Exception:  # noqa: BLE001  (whatever the broker's client raises, it does not answer)
        return False
    return True
