from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.urls import path


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{ContentType.objects.count()} content types")


urlpatterns = [path("", front)]
