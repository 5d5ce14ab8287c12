"""When a broken stream is tried again, and requests as the wire has them."""

import unittest
from unittest import mock

import grpc

from littoral_client import Client, LittoralError, v1
from littoral_client.request import build
from littoral_client.secrets import secrets
from littoral_client.stream import LONGEST_PAUSE_S, Stream, address, channel_options

BROKEN = LittoralError(grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE", "socket closed")


class Keys(unittest.TestCase):
    def test_a_key_is_not_shown_without_tls(self) -> None:
        with self.assertRaises(ValueError) as refused:
            Client("http://127.0.0.1:1", api_key="lk_0123456789ab_x")
        self.assertNotIn("lk_", str(refused.exception))

    def test_a_key_over_tls_makes_other_credentials(self) -> None:
        plain = grpc.ssl_channel_credentials()
        self.assertIs(secrets(plain, None), plain)
        self.assertIsNot(secrets(plain, "lk_0123456789ab_x"), plain)


class Clock:
    """Stands in for the module `time`."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


class Retries(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        patch = mock.patch("littoral_client.stream.time", self.clock)
        patch.start()
        self.addCleanup(patch.stop)

    def retry_until_it_gives_up(self, stream: Stream) -> list[float]:
        pauses: list[float] = []
        while len(pauses) < 1000:
            try:
                pauses.append(stream._pause_before_retry(BROKEN))
            except LittoralError:
                return pauses
            self.clock.now_s += pauses[-1]
        self.fail("it never gives up")

    def test_without_a_window_a_broken_connection_is_final(self) -> None:
        self.assertEqual(self.retry_until_it_gives_up(Stream(build("hello", {}))), [])

    def test_attempts_fill_the_window_and_start_anew_after_an_event(
        self,
    ) -> None:
        stream = Stream(build("hello", {"resume_window_s": 10}))
        for _ in range(2):
            pauses = self.retry_until_it_gives_up(stream)
            self.assertAlmostEqual(sum(pauses), 10)
            self.assertLess(pauses[0], 0.06)
            self.assertGreater(max(pauses), LONGEST_PAUSE_S / 2)
            self.assertLessEqual(max(pauses), LONGEST_PAUSE_S)
            stream._heard(v1.ChatEvent(progress=v1.Progress()))

    def test_attempts_end_at_the_deadline_though_the_window_is_longer(self) -> None:
        stream = Stream(build("hello", {"resume_window_s": 60, "deadline_s": 2}))
        self.assertLess(sum(self.retry_until_it_gives_up(stream)), 3.1)

    def test_a_reason_that_the_router_named_is_final(self) -> None:
        stream = Stream(build("hello", {"resume_window_s": 60}))
        code = grpc.StatusCode.UNAVAILABLE
        named = LittoralError(code, "SHUTTING_DOWN", "", named=True)
        unnamed = LittoralError(grpc.StatusCode.INTERNAL, "INTERNAL", "")
        for error in (named, unnamed):
            with self.assertRaises(LittoralError) as raised:
                stream._pause_before_retry(error)
            self.assertIs(raised.exception, error)

    def test_the_way_back_is_the_same_request_until_it_was_routed_and_resume_after(self) -> None:
        request = build("hello", {"resume_window_s": 60})
        stream = Stream(request)
        self.assertEqual(stream._next_call(), request)
        stream._heard(v1.ChatEvent(routed=v1.Routed(request_id=request.request_id)))
        self.assertEqual(stream._next_call(), v1.ResumeRequest(request_id=request.request_id))

    def test_an_end_that_does_not_say_so_is_an_error(self) -> None:
        with self.assertRaises(LittoralError) as raised:
            Stream(build("hello", {}))._finish()
        self.assertEqual(raised.exception.reason, "DATA_LOSS")


class Requests(unittest.TestCase):
    def test_what_is_not_said_is_absent_and_what_is_said_is_there(self) -> None:
        plain = build("hello", {})
        self.assertEqual(plain.messages[0].parts[0].text, "hello")
        self.assertFalse(plain.HasField("max_output_tokens") or plain.HasField("sampling"))
        self.assertEqual(plain.hints.data_class, v1.DataClass.DATA_CLASS_UNSPECIFIED)
        self.assertFalse(plain.hints.HasField("resume_window_ms"))
        full = build(
            [{"role": "system", "content": "brief"}, v1.Message(role=v1.Role.ROLE_USER)],
            {
                "data_class": "restricted",
                "mode": "only_on_device",
                "deadline_s": 0.0001,
                "resume_window_s": 1.5,
                "temperature": 0.0,
                "base": v1.ChatRequest(stop=["."], request_id="mine"),
            },
        )
        self.assertEqual(full.hints.data_class, v1.DataClass.DATA_CLASS_RESTRICTED)
        self.assertEqual(full.hints.mode, v1.Mode.MODE_ONLY_ON_DEVICE)
        self.assertEqual((full.hints.deadline_ms, full.hints.resume_window_ms), (1, 1500))
        self.assertTrue(full.sampling.HasField("temperature"))
        self.assertEqual((list(full.stop), full.request_id), (["."], "mine"))

    def test_ids_differ(self) -> None:
        self.assertNotEqual(build("a", {}).request_id, build("a", {}).request_id)

    def test_a_label_that_does_not_exist_is_refused_and_not_dropped(self) -> None:
        wrong = [
            ("hello", {"data_class": "secret"}),
            ("hello", {"data_class": "unspecified"}),
            ("hello", {"dataclass": "public"}),
            ("hello", {"resume_window_s": -1}),
            ([{"role": "user", "content": "hello", "class": "public"}], {}),
            ([{"role": "human", "content": "hello"}], {}),
        ]
        for messages, ask in wrong:
            with self.subTest(ask), self.assertRaises(ValueError):
                build(messages, ask)  # type: ignore[arg-type]

    def test_an_address_is_a_url_and_no_proxy_is_used(self) -> None:
        self.assertEqual(address("http://127.0.0.1:7433/"), ("127.0.0.1:7433", False))
        self.assertEqual(address("https://router.example:443"), ("router.example:443", True))
        for wrong in ("127.0.0.1:7433", "ftp://x", "http://", ""):
            with self.subTest(wrong), self.assertRaises(ValueError):
                address(wrong)
        self.assertIn(("grpc.enable_http_proxy", 0), channel_options([]))
        self.assertIn(
            ("grpc.keepalive_time_ms", 5), channel_options([("grpc.keepalive_time_ms", 5)])
        )


if __name__ == "__main__":
    unittest.main()
