"""What an import says it did: its counts and the codes of its conflicts."""


def counts(answer: object) -> dict[str, int]:
    return answer.json()["response"]["importCount"]


def codes(answer: object) -> list[str]:
    return [c["errorCode"] for c in answer.json()["response"]["conflicts"]]
