/** A Django project of the smallest size that grows: what `django-admin startproject` makes, without a database. */
export const DJANGO_FILES: Readonly<Record<string, string>> = {
  'manage.py': `#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
`,
  'mysite/__init__.py': '',
  'mysite/settings.py': `import os

DEBUG = os.environ.get("DJANGO_DEBUG", "1") == "1"
# With DJANGO_DEBUG=0 there has to be a secret one: python -c 'import secrets; print(secrets.token_urlsafe(50))'
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"] if not DEBUG else "only-for-development"
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"
USE_TZ = True
`,
  'mysite/urls.py': `from django.http import JsonResponse
from django.urls import re_path


def hello(request):
    return JsonResponse({"hello": request.path})


urlpatterns = [re_path(r"^.*$", hello)]
`,
  'mysite/wsgi.py': `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
application = get_wsgi_application()
`,
};
