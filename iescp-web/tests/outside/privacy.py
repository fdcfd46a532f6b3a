"""What is private to two people is in no answer to anybody else, whichever path they try with whichever id they know."""

import itertools
import re
from typing import Any

from client import Api, Person, operations
from story import SECRET_MESSAGE, SECRET_NOTE, SECRET_TITLE, Told


def look_around(api: Api, told: Told) -> int:
    """Asks for everything that can be read, with every id there is, as strangers; how many answers there were."""
    address = told.sponsor.url.removesuffix("/api/v1")
    strangers = [Person(api, address, "otto").sign_in(), Person(api, address)]
    known = [told.sponsor.id, told.influencer.id, told.campaign, told.request.id, told.collaboration]
    private = [SECRET_MESSAGE, SECRET_NOTE, SECRET_TITLE, "teahouse@example.com", "ines@example.com", "Ines Influencer"]
    answers = 0
    for stranger, path in itertools.product(strangers, readable(api, known)):
        answer = stranger.raw("GET", path)
        assert answer.status_code < 500, f"{path}: {answer.status_code} {answer.text}"
        for secret in private:
            assert secret not in answer.text, f"GET {path} told {stranger.name or 'nobody'} {secret!r}"
        answers += 1
    return answers


def readable(api: Api, ids: list[Any]) -> list[str]:
    paths = [operation["path"] for operation in operations(api.document) if operation["method"] == "get"]
    filled = []
    for path in paths:
        if path == "/events":
            continue
        places = re.findall(r"\{\w+\}", path)
        for choice in itertools.product(ids, repeat=len(places)):
            one = path
            for place, value in zip(places, choice, strict=True):
                one = one.replace(place, str(value), 1)
            filled.append(one)
    return filled
