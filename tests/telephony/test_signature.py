"""Signatures, as Twilio documents them."""

from telephony.signature import SignatureCheck

DOCUMENTED_TOKEN = "12345"
DOCUMENTED_PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}
DOCUMENTED_SIGNATURE = "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_the_documented_example_is_accepted():
    check = SignatureCheck(DOCUMENTED_TOKEN, "https://example.com")
    assert check.webhook("/myapp.php?foo=1&bar=2", DOCUMENTED_PARAMS, DOCUMENTED_SIGNATURE)


def test_a_changed_parameter_url_token_or_missing_signature_is_refused():
    check = SignatureCheck(DOCUMENTED_TOKEN, "https://example.com")
    path = "/myapp.php?foo=1&bar=2"
    assert not check.webhook(path, {**DOCUMENTED_PARAMS, "Digits": "1235"}, DOCUMENTED_SIGNATURE)
    assert not check.webhook("/other", DOCUMENTED_PARAMS, DOCUMENTED_SIGNATURE)
    assert not check.webhook(path, DOCUMENTED_PARAMS, None)
    assert not check.webhook(path, DOCUMENTED_PARAMS, "")
    other = SignatureCheck("54321", "https://example.com")
    assert not other.webhook(path, DOCUMENTED_PARAMS, DOCUMENTED_SIGNATURE)


def test_the_socket_address_follows_the_public_one():
    assert SignatureCheck("t", "https://a.example").socket_url("/m") == "wss://a.example/m"
    assert SignatureCheck("t", "http://127.0.0.1:8080").socket_url("/m") == "ws://127.0.0.1:8080/m"
