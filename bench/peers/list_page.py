"""Django's side of the `page` bench: the newest twenty publications, read from the tables that Kaijiang made.

One query for the lessons with their organisation's name, one for the views; compiled templates; no middleware but what is
needed for the length of the answer and keep-alive.
"""

import os
from urllib.parse import urlparse

from django.conf import settings

base = urlparse(os.environ["BENCH_DATABASE"])
settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="for a bench, signs nothing",
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": base.path.lstrip("/"),
            "USER": base.username,
            "HOST": base.hostname,
            "PORT": base.port,
            "CONN_MAX_AGE": None,
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [os.path.dirname(os.path.abspath(__file__))],
        }
    ],
    LOGGING_CONFIG=None,
)

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class OrganisationName(models.Model):
    id = models.TextField(primary_key=True)
    organisation = models.TextField()
    name = models.TextField()
    to_at = models.BigIntegerField(null=True)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "organisation_name"


class LessonCount(models.Model):
    lesson = models.TextField(primary_key=True)
    views = models.BigIntegerField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "lesson_count"


class Publication(models.Model):
    lesson = models.TextField(primary_key=True)
    organisation = models.TextField()
    title = models.TextField()
    lecturer = models.TextField()
    topic = models.TextField()
    duration_ms = models.BigIntegerField()
    published_at = models.BigIntegerField()
    unpublished_at = models.BigIntegerField(null=True)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "publication"


def newest(request):
    name = OrganisationName.objects.filter(organisation=models.OuterRef("organisation"), to_at=None).values("name")[:1]
    found = Publication.objects.filter(unpublished_at=None).annotate(place=models.Subquery(name))
    lessons = list(found.order_by("-published_at", "-lesson")[:20])
    views = dict(LessonCount.objects.filter(lesson__in=[one.lesson for one in lessons]).values_list("lesson", "views"))
    for one in lessons:
        one.views = views.get(one.lesson, 0)
        one.minutes = one.duration_ms // 60_000
    return render(request, "list_page.html", {"lessons": lessons})


urlpatterns = [path("", newest)]
application = get_wsgi_application()
