from django.apps import AppConfig


class InstallationConfig(AppConfig):
    """What belongs to the installation rather than to an app: checks, the settings command."""

    name = "config"

    def ready(self) -> None:
        from config import checks, pulse  # noqa: F401 - they register themselves
