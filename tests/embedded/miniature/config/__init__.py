"""The smallest project that the launcher can run: the names it starts, and nothing behind them."""

from config.celery import app as celery

__all__ = ["celery"]
