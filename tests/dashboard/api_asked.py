"""The JSON interface as tests ask it: where the rows are, and what a refusal looks like."""

PATH = "/api/v1/compare"


def problem_of(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body["status"] == status
    assert body["title"]
    return body
