"""The ground every published type stands on."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen record without unknown fields; what one room hands to the next is never changed in place."""

    model_config = ConfigDict(frozen=True, extra="forbid")
