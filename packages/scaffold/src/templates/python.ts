import type { Template } from '../template.ts';
import { DJANGO_FILES } from './django.ts';

function pythonTemplate(
  name: string,
  title: string,
  application: Omit<Template['application'], 'language'>,
  { files, requirements }: Pick<Template, 'files' | 'requirements'>,
): Template {
  return {
    name,
    title,
    application: { ...application, language: 'python' },
    files,
    dependencies: {},
    devDependencies: {},
    requirements,
  };
}

export const PYTHON_TEMPLATES: readonly Template[] = [
  pythonTemplate(
    'django',
    'Django, by WSGI',
    { target: 'mysite.wsgi:application', style: 'wsgi' },
    { files: DJANGO_FILES, requirements: ['django>=4.2'] },
  ),
  pythonTemplate(
    'flask',
    'Flask, by WSGI',
    { target: 'app:app', style: 'wsgi' },
    {
      files: {
        'app.py': `from flask import Flask, jsonify, request

app = Flask(__name__)


@app.get("/")
@app.get("/<path:path>")
def hello(path=""):
    return jsonify(hello=request.path)
`,
      },
      requirements: ['flask>=3.0'],
    },
  ),
  pythonTemplate(
    'fastapi',
    'FastAPI, by ASGI',
    { target: 'app:app', style: 'asgi' },
    {
      files: {
        'app.py': `from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/{path:path}")
async def hello(request: Request):
    return {"hello": request.url.path}
`,
      },
      requirements: ['fastapi>=0.110'],
    },
  ),
];
