"""Reads a PDF from standard input, strictly, and prints its pages, its title and its text as JSON."""

import io
import json
import sys

from pypdf import PdfReader

reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=True)
page = reader.pages[0]
size = [float(page.mediabox.width), float(page.mediabox.height)]
texts = [page.extract_text() for page in reader.pages]
json.dump({"pages": len(reader.pages), "size": size, "title": reader.metadata.title, "text": texts[0], "texts": texts}, sys.stdout)
