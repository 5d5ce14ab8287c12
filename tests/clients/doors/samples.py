"""What all clients ask for: questions, a tool, a shape of answers, sentences near and far."""

import math
import uuid
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# The longest that a client waits for anything. A small machine runs other tests at the same time.
PATIENCE_S = 60.0
# Clients want a key where none is needed: at this machine nobody asks for one.
NO_KEY = "none"

QUESTION = "Write one sentence about the sea."
STORY = "Tell a long story about a lighthouse, with many people in it."


Word = Annotated[str, Field(max_length=20)]


class Unit(StrEnum):
    """A scale of temperatures."""

    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


class Weather(BaseModel):
    """Looks up the weather of a city."""

    model_config = ConfigDict(extra="forbid")

    city: str = Field(max_length=40)
    days: int = Field(ge=1, le=7)
    unit: Unit


class Island(BaseModel):
    """An island."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=40)
    inhabited: bool
    area_km2: int = Field(ge=0, le=9_999_999)
    products: list[Word] = Field(min_length=1, max_length=3)


def fresh(name: str) -> str:
    """An id for a request that no earlier run has used: an answer is given once."""
    return f"{name}-{uuid.uuid4()}"


# Tokens for an answer of a given form. At a high temperature a character may take several.
ROOM = 512

# The first two mean nearly the same, the third something else.
NEAR = "The ship reached the harbour before the storm."
ALSO_NEAR = "Before the gale came, the boat was in port."
FAR = "The committee approved the annual budget for office furniture."


def cosine(one: list[float], other: list[float]) -> float:
    """Likeness of two vectors, -1 to 1."""
    dot = sum(a * b for a, b in zip(one, other, strict=True))
    return dot / (math.hypot(*one) * math.hypot(*other))
