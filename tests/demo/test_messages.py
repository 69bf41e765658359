"""Messages and files of the embedded server."""

from typing import Any

from tests.demo.conftest import SITE, Asking

PDF = b"%PDF-1.4\n%%EOF\n"


def upload(asking: Asking, body: bytes = PDF, name: str = "order.pdf", **params: str) -> Any:
    return asking(
        "POST",
        "/api/fileResources",
        params={"domain": "MESSAGE_ATTACHMENT", **params},
        files={"file": (name, body, "application/pdf")},
    )


def write(asking: Asking, **body: Any) -> Any:
    return asking("POST", "/api/messageConversations", json={"subject": "Order", "text": "Please", **body})


def uid_of(answer: Any) -> str:
    return str(answer.headers["Location"].rpartition("/")[2])


def test_a_message_reaches_the_people_of_a_unit_with_its_file(admin: Asking, clerk: Asking) -> None:
    file = upload(admin).json()["response"]["fileResource"]["id"]
    before = clerk.get("/api/me/dashboard")["unreadMessageConversations"]
    uid = uid_of(write(admin, organisationUnits=[{"id": SITE}], attachments=[{"id": file}]))
    assert clerk.get("/api/me/dashboard")["unreadMessageConversations"] == before + 1
    read = clerk.get(f"/api/messageConversations/{uid}", fields="subject,messages[id,attachments[id,name]]")
    (message,) = read["messages"]
    assert message["attachments"] == [{"id": file, "name": "order.pdf"}]
    assert clerk("GET", f"/api/messageConversations/{uid}/{message['id']}/attachments/{file}").content == PDF


def test_an_answer_is_unread_for_the_other(admin: Asking, clerk: Asking) -> None:
    uid = uid_of(write(admin, organisationUnits=[{"id": SITE}]))
    assert clerk("POST", "/api/messageConversations/read", json=[uid]).json() == {"markedRead": [uid]}
    assert clerk("POST", f"/api/messageConversations/{uid}", data=b"Done.").status_code == 201
    seen = {"fields": "read,messageCount"}
    assert admin.get(f"/api/messageConversations/{uid}", **seen) == {"read": False, "messageCount": 2}
    assert clerk.get(f"/api/messageConversations/{uid}", **seen) == {"read": True, "messageCount": 2}


def test_a_conversation_is_closed_to_others(admin: Asking, clerk: Asking) -> None:
    me = admin.get("/api/me")["id"]
    uid = uid_of(write(admin, users=[{"id": me}]))
    assert clerk("GET", f"/api/messageConversations/{uid}").status_code == 403
    assert clerk("POST", f"/api/messageConversations/{uid}", data=b"hello").status_code == 403
    unknown = clerk("GET", "/api/messageConversations/Zunknown001")
    assert (unknown.status_code, list(unknown.json())) == (200, ["message"])


def test_nobody_to_send_to_and_people_who_are_not_there_are_refused(admin: Asking) -> None:
    assert write(admin, users=[]).status_code == 409
    assert write(admin, users=[{"id": "Zunknown001"}]).status_code == 409
    assert write(admin, userGroups=[{"id": "Zunknown001"}]).status_code == 404


def test_a_file_is_attached_once(admin: Asking) -> None:
    file = {"id": upload(admin).json()["response"]["fileResource"]["id"]}
    assert write(admin, organisationUnits=[{"id": SITE}], attachments=[file]).status_code == 201
    assert write(admin, organisationUnits=[{"id": SITE}], attachments=[file]).status_code == 409


def test_empty_large_and_dangerous_files_are_refused(admin: Asking) -> None:
    assert upload(admin, b"").status_code == 409
    assert upload(admin, b"x", "page.html").status_code == 409
    assert upload(admin, b"x" * 10_000_001).status_code == 409


def test_a_client_may_choose_a_files_id_once(admin: Asking) -> None:
    assert upload(admin, uid="FiChosenAA1").status_code == 202
    assert upload(admin, uid="FiChosenAA1").json()["errorCode"] == "E1119"
