"""The text of an answer is exact whatever order of events a router may tell."""

import unittest

from littoral_client import LittoralError, Reset, v1
from littoral_client.transcript import Transcript

CONTENT = v1.Channel.CHANNEL_CONTENT
REASONING = v1.Channel.CHANNEL_REASONING
CONTINUED = v1.Failover.KIND_CONTINUED
RESET = v1.Failover.KIND_RESET


def delta(epoch: int, offset: int, text: str, channel: v1.Channel = CONTENT) -> v1.ChatEvent:
    said = v1.Delta(epoch=epoch, channel=channel, offset=offset, text=text)
    return v1.ChatEvent(delta=said)


def failover(kind: v1.Failover.Kind, epoch: int, at_offset: int = 0) -> v1.ChatEvent:
    told = v1.Failover(kind=kind, epoch=epoch, at_offset=at_offset, reason="lost")
    return v1.ChatEvent(failover=told)


def call(epoch: int, arguments: str, name: str = "") -> v1.ChatEvent:
    piece = v1.ToolCallDelta(epoch=epoch, arguments=arguments)
    if name:
        piece.id, piece.name = f"id of {name}", name
    return v1.ChatEvent(tool_call_delta=piece)


def routed() -> v1.ChatEvent:
    return v1.ChatEvent(routed=v1.Routed(request_id="one"))


class Answers(unittest.TestCase):
    def setUp(self) -> None:
        self.transcript = Transcript("one")

    def hear(self, *events: v1.ChatEvent) -> list[str | Reset]:
        return [piece for event in events for piece in self.transcript._hear(event)]

    def test_a_reset_voids_the_text_and_tells_the_reader_once(self) -> None:
        pieces = self.hear(delta(0, 0, "void"), failover(RESET, 1), delta(1, 0, "new"))
        self.assertEqual(pieces, ["void", Reset(1, "lost"), "new"])
        self.assertEqual(self.transcript.text, "new")

    def test_a_reset_of_nothing_is_not_told(self) -> None:
        self.assertEqual(self.hear(failover(RESET, 1), delta(1, 0, "new")), ["new"])
        self.assertEqual(len(self.transcript.failovers), 1)

    def test_a_new_epoch_without_its_failover_is_a_reset_too(self) -> None:
        kinds = [type(piece) for piece in self.hear(delta(0, 0, "void"), delta(1, 0, "new"))]
        self.assertEqual(kinds, [str, Reset, str])
        self.assertEqual(self.transcript.text, "new")

    def test_what_arrives_of_an_earlier_epoch_is_dropped(self) -> None:
        pieces = self.hear(delta(1, 0, "new"), delta(0, 0, "void"), call(0, "{}"))
        self.assertEqual(pieces, ["new"])
        self.assertEqual(self.transcript.tool_calls, [])

    def test_a_continued_answer_is_one_text(self) -> None:
        pieces = self.hear(delta(0, 0, "one "), failover(CONTINUED, 0, 4), delta(0, 4, "two"))
        self.assertEqual(pieces, ["one ", "two"])

    def test_bytes_told_again_are_dropped_and_a_gap_is_an_error(self) -> None:
        pieces = self.hear(delta(0, 0, "é!"), delta(0, 0, "é!ß"), delta(0, 3, "ß"))
        self.assertEqual(pieces, ["é!", "ß"])
        with self.assertRaises(LittoralError) as raised:
            self.hear(delta(0, 6, "x"))
        self.assertEqual(raised.exception.reason, "DATA_LOSS")
        self.assertEqual(self.transcript.text, "é!ß")
        self.assertNotIn("ß", str(raised.exception))

    def test_a_position_is_counted_in_bytes_for_each_channel_of_the_last_epoch(self) -> None:
        self.hear(delta(0, 0, "a"), delta(2, 0, "é"), delta(2, 0, "hm", REASONING))
        position = self.transcript._position()
        wanted = v1.ResumeRequest(
            request_id="one", epoch=2, next_content_offset=2, next_reasoning_offset=2
        )
        self.assertEqual(position, wanted)
        self.assertEqual(self.transcript.reasoning, "hm")

    def test_tool_calls_and_failovers_that_resume_tells_again_count_once(self) -> None:
        calls = [call(0, '{"a"', "look_up"), call(0, ":1}")]
        moved = failover(CONTINUED, 0)
        self.hear(routed(), moved, *calls, routed(), moved, *calls)
        made = v1.ToolCall(id="id of look_up", name="look_up", arguments_json='{"a":1}')
        self.assertEqual(self.transcript.tool_calls, [made])
        self.assertEqual(len(self.transcript.failovers), 1)

    def test_content_is_not_shown_by_repr(self) -> None:
        self.hear(delta(0, 0, "my diagnosis"))
        self.assertNotIn("diagnosis", repr(self.transcript))


if __name__ == "__main__":
    unittest.main()
