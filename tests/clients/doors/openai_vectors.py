"""OpenAI's client, embeddings and the list of models."""

import base64
import struct
from typing import Any

import openai
from openai_chat import door, was_told
from samples import ALSO_NEAR, FAR, NEAR, cosine
from verdict import Verdict

TEXTS = [NEAR, ALSO_NEAR, FAR]


def vectors_of_like_texts_are_nearer_than_those_of_unlike_ones(v: Verdict, url: str) -> None:
    create = door(url).embeddings.with_raw_response.create
    raw = create(model="default", input=TEXTS, encoding_format="float")
    answer = raw.parse()
    near, also_near, far = (row.embedding for row in answer.data)
    v.same("indices", [row.index for row in answer.data], [0, 1, 2])
    v.holds(cosine(near, also_near) > cosine(near, far) + 0.2, "they are not nearer")
    v.holds(abs(cosine(near, near) - 1) < 1e-4, "a vector is not itself")
    v.holds(answer.usage.prompt_tokens > 0, f"usage {answer.usage}")
    was_told(v, (answer.model_extra or {}).get("littoral"), "the body")
    v.same("x-littoral-tier", raw.headers.get("x-littoral-tier"), "device")


def vectors_in_base64_are_the_same_numbers(v: Verdict, url: str) -> None:
    create = door(url).embeddings.create
    numbers = create(model="default", input=NEAR, encoding_format="float").data[0].embedding
    # Not asked for a form, the client asks for base64 and decodes it.
    decoded = create(model="default", input=NEAR).data[0].embedding
    text: Any = create(model="default", input=NEAR, encoding_format="base64").data[0].embedding
    v.holds(isinstance(text, str), f"base64 is {type(text).__name__}")
    ours = struct.unpack(f"<{len(numbers)}f", base64.b64decode(text))
    for which, other in (("the client decodes", decoded), ("we decode", ours)):
        v.same(f"how many numbers {which}", len(other), len(numbers))
        apart = max(abs(a - b) for a, b in zip(numbers, other, strict=True))
        v.holds(apart < 1e-6, f"what {which} is {apart} away")


def a_vector_depends_on_its_own_text_alone(v: Verdict, url: str) -> None:
    create = door(url).embeddings.create
    together = create(model="default", input=TEXTS, encoding_format="float").data
    for text, row in zip(TEXTS, together, strict=True):
        alone = create(model="default", input=[text], encoding_format="float").data[0]
        v.holds(
            cosine(row.embedding, alone.embedding) > 0.9999,
            f"{text!r} in company is another vector",
        )


def texts_that_cannot_be_are_refused(v: Verdict, url: str) -> None:
    create = door(url).embeddings.create
    for given in ("", [], [""], [[1, 2, 3]]):
        with v.raises(openai.BadRequestError) as caught:
            create(model="default", input=given)
        v.same(f"code for {given!r}", [error.code for error in caught], ["INVALID_REQUEST"])


def models_are_listed_with_their_tier_abilities_and_price(v: Verdict, url: str) -> None:
    models = door(url).models
    listed = list(models.list())
    names = [model.id for model in listed]
    v.holds("default" in names, f"no alias `default` in {names}")
    v.holds("smollm2-135m-instruct" in names, f"no chat model in {names}")
    v.same("what is listed", {model.object for model in listed}, {"model"})
    told: Any = (models.retrieve("default").model_extra or {}).get("littoral") or {}
    v.same("kind and default", (told.get("kind"), told.get("default")), ("alias", True))
    targets = told.get("targets", [])
    v.same("tiers", {target["tier"] for target in targets}, {"device"})
    v.same("on_device", {target["on_device"] for target in targets}, {True})
    able = {ability for target in targets for ability in target["abilities"]}
    wanted = {"chat", "tools", "json_output", "logprobs", "embeddings"}
    v.same("abilities that are missing", wanted - able, set())
    v.holds(all(target["price"] for target in targets), f"no price in {targets}")
    with v.raises(openai.NotFoundError) as caught:
        models.retrieve("nobody/at-all")
    v.same("code", [error.code for error in caught], ["NOT_FOUND"])


CHECKS = [
    vectors_of_like_texts_are_nearer_than_those_of_unlike_ones,
    vectors_in_base64_are_the_same_numbers,
    a_vector_depends_on_its_own_text_alone,
    texts_that_cannot_be_are_refused,
    models_are_listed_with_their_tier_abilities_and_price,
]
