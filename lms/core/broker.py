"""Celery, with Redis or with a broker in a SQLite file of its own."""

from celery import Celery
from kombu.transport.sqlalchemy import Transport

from lms.core import chores
from lms.settings import Settings

SWEEP_SECONDS = 15
TASK = "lms.run_job"
SWEEP = "lms.sweep_jobs"


def make_celery(settings: Settings) -> Celery:
    """The Celery application; only ids of jobs travel through it, their rows hold everything else."""
    if not settings.redis_url:
        # The embedded broker is asked in turns: half a second keeps a person from noticing.
        Transport.polling_interval = 0.5
    celery = Celery("lms", broker=settings.broker_url)
    celery.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        beat_schedule={
            "sweep": {"task": SWEEP, "schedule": SWEEP_SECONDS},
            **{
                chore.name: {"task": chores.TASK, "schedule": chore.every, "args": [chore.name]}
                for chore in chores.chores()
            },
        },
        beat_schedule_filename=str(settings.data / "schedule"),
        timezone="Asia/Ho_Chi_Minh",
    )
    return celery
