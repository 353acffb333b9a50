"""What is wrong with a request, as RFC 9457 tells it."""

from pydantic import Field

from app.schemas.fields import Output


class FieldProblem(Output):
    """One field that is wrong."""

    field: str = Field(description="Its path within the body, or the parameter's name.", examples=["clause.positions"])
    code: str = Field(description="What is wrong, for programs.", examples=["missing_field"])
    message: str = Field(
        description="The same for people, in `Accept-Language`.", examples=["This is required. Fill it in."]
    )


class Problem(Output):
    """Why a request was not done, and what to do."""

    type: str = Field(description="Always `about:blank`: the status says what kind it is.", examples=["about:blank"])
    title: str = Field(description="The status in words.", examples=["Unprocessable Entity"])
    status: int = Field(description="The status.", examples=[422])
    code: str = Field(description="What is wrong, for programs.", examples=["missing_field"])
    detail: str = Field(
        description="The same for people, in `Accept-Language`.", examples=["This is required. Fill it in."]
    )
    errors: list[FieldProblem] = Field(
        default=[], description="The fields that are wrong, where any are.", examples=[[]]
    )
    request_id: str | None = Field(
        default=None, description="What the log has it by, where the service is to blame.", examples=[None]
    )
