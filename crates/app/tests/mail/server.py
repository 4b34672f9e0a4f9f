"""A mail server on a free port: prints the port, then each mail that it took as a line of JSON.

server.py FOLDER [--tls CERTIFICATE KEY] [--password PASSWORD]

Who a mail is for decides what happens: nobody@ is refused for good, full@ is put off while FOLDER/full exists, slow@ is told
that it was taken only once FOLDER/go exists, long after it was.
"""

import asyncio
import email
import email.policy
import hashlib
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder = pathlib.Path(sys.argv[1])
arguments = sys.argv[2:]


def after(name, count):
    return arguments[arguments.index(name) + 1 :][:count] if name in arguments else None


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 there is nobody"
        if address.startswith("full@") and (folder / "full").exists():
            return "452 4.2.2 the box is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        files = [
            {"name": part.get_filename(), "kind": part.get_content_type(), "bytes": part.get_content().hex()}
            for part in message.iter_attachments()
        ]
        told = {
            "from": envelope.mail_from,
            "rcpt": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "names": [name.lower() for name in message.keys()],
            "text": message.get_body(("plain",)).get_content(),
            "files": files,
            "tls": session.ssl is not None,
            "signed_in": bool(session.authenticated),
            "hash": hashlib.sha256(envelope.content).hexdigest(),
        }
        print(json.dumps(told), flush=True)
        while envelope.rcpt_tos[0].startswith("slow@") and not (folder / "go").exists():
            await asyncio.sleep(0.05)
        return "250 taken"


def sign_in(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password.decode() == after("--password", 1)[0])


async def main():
    settings = {}
    if tls := after("--tls", 2):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*tls)
        settings.update(tls_context=context, require_starttls=True)
    if after("--password", 1):
        settings.update(authenticator=sign_in, auth_required=True, auth_require_tls=bool(after("--tls", 2)))
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Handler(), **settings), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
