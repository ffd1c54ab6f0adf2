"""The seed files as checked documents: the catalogue of functions, and governments with their agencies and mandates.

Pure: no Django, no database. `read_functions` and `read_governments` take the text of a YAML file and raise
`SeedError` whose message says where the file is wrong and what to do.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

Level = Literal["national", "province", "regency", "village", "unknown"]
Word = Annotated[str, StringConstraints(min_length=2, max_length=80, pattern=r"^[a-z0-9 ]+$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(min_length=2, max_length=160, strip_whitespace=True)]
GovernmentCode = Annotated[str, StringConstraints(pattern=r"^\d{2}(\.\d{2})?$")]


class SeedError(ValueError):
    """A seed file cannot be used; the text says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TwoNames(_Strict):
    """A name in Indonesian and in English."""

    id: Name
    en: Name


class LevelWords(_Strict):
    """Words that say which level owns a matter of this function."""

    level: Literal["national", "province", "regency", "village"]
    words: tuple[Word, ...] = Field(min_length=1)


class WordPair(_Strict):
    """Two single words that speak of the function when they stand near each other: one of `words` and one of `near`."""

    words: tuple[Word, ...] = Field(min_length=1)
    near: tuple[Word, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _single_words(self) -> Self:
        for word in (*self.words, *self.near):
            if " " in word:
                raise ValueError(f"pair word '{word}' must be one word; put phrases under strong or weak")
        return self


class FunctionSeed(_Strict):
    """One government function: `level` is its usual owner, `levels` are words that decide otherwise."""

    code: Slug
    name: TwoNames
    level: Level
    strong: tuple[Word, ...] = Field(min_length=1)
    weak: tuple[Word, ...] = ()
    pairs: tuple[WordPair, ...] = ()
    levels: tuple[LevelWords, ...] = ()

    @model_validator(mode="after")
    def _words_once(self) -> Self:
        _demand_unique((*self.strong, *self.weak), f"function {self.code}: word")
        decided: dict[str, str] = {}
        for rule in self.levels:
            for word in rule.words:
                if decided.setdefault(word, rule.level) != rule.level:
                    raise ValueError(f"function {self.code}: '{word}' is given to two levels; keep one")
        return self


class FunctionsDocument(_Strict):
    """The catalogue of government functions."""

    version: Literal[1]
    functions: tuple[FunctionSeed, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        _demand_unique((function.code for function in self.functions), "function code")
        return self


class GovernmentSeed(_Strict):
    """One government by its Kemendagri code; a regency or city names its province as parent."""

    code: GovernmentCode
    name: Name
    level: Literal["province", "regency"]
    parent: GovernmentCode | None = None

    @model_validator(mode="after")
    def _level_fits_code(self) -> Self:
        if ("." in self.code) != (self.level == "regency"):
            raise ValueError(f"government {self.code}: a code like 18 is a province, one like 18.01 a regency or city")
        if self.level == "regency" and self.parent != self.code[:2]:
            raise ValueError(f"government {self.code}: parent must be {self.code[:2]}")
        return self


class AgencySeed(_Strict):
    """One agency: `kind` as the government calls it (dinas, badan, biro ...), `aliases` as people call it."""

    code: Slug
    name: Name
    short_name: Name
    kind: Slug
    parent: Slug | None = None
    aliases: tuple[Word, ...] = ()


class AgencyBlock(_Strict):
    """The agencies of one government and the function each of them leads (`mandates`: function to agency code)."""

    coordinator: Slug
    supervisory: Slug
    provisional: bool = False
    agencies: tuple[AgencySeed, ...] = Field(min_length=1)
    mandates: dict[Slug, Slug]

    @model_validator(mode="after")
    def _agencies_exist(self) -> Self:
        _demand_unique((agency.code for agency in self.agencies), "agency code")
        known = {agency.code for agency in self.agencies}
        named = {"coordinator": self.coordinator, "supervisory": self.supervisory}
        named |= {f"mandate {function}": agency for function, agency in self.mandates.items()}
        named |= {f"parent of {agency.code}": agency.parent for agency in self.agencies if agency.parent}
        for where, code in named.items():
            if code not in known:
                raise ValueError(f"{where} names the agency '{code}', which is not listed under agencies")
        return self


class ProvinceBlock(AgencyBlock):
    """The agencies of one named government."""

    government: GovernmentCode


class GovernmentsDocument(_Strict):
    """Governments, the agencies of the province, and the template for its regencies and cities."""

    version: Literal[1]
    governments: tuple[GovernmentSeed, ...] = Field(min_length=1)
    province: ProvinceBlock
    regency_template: AgencyBlock

    @model_validator(mode="after")
    def _governments_exist(self) -> Self:
        _demand_unique((government.code for government in self.governments), "government code")
        known = {government.code for government in self.governments}
        wanted = {self.province.government} | {g.parent for g in self.governments if g.parent}
        for code in sorted(wanted - known):
            raise ValueError(f"government '{code}' is used but not listed under governments")
        return self

    def block_for(self, code: str) -> AgencyBlock:
        """The agencies of a listed government: its own block, or the template. Raises SeedError for an unknown code."""
        if code == self.province.government:
            return self.province
        if code in {government.code for government in self.governments}:
            return self.regency_template
        raise SeedError(f"There is no government '{code}' in the seed file; add it under governments.")


def read_functions(text: str) -> FunctionsDocument:
    """Check the text of a functions file. Raises SeedError."""
    try:
        return FunctionsDocument.model_validate(_load(text))
    except ValidationError as error:
        raise SeedError(_explain(error)) from error


def read_governments(text: str, functions: FunctionsDocument) -> GovernmentsDocument:
    """Check the text of a governments file against the catalogue of functions. Raises SeedError."""
    try:
        document = GovernmentsDocument.model_validate(_load(text))
    except ValidationError as error:
        raise SeedError(_explain(error)) from error
    known = {function.code for function in functions.functions}
    for block in (document.province, document.regency_template):
        for code in sorted(set(block.mandates) - known):
            raise SeedError(
                f"mandates: '{code}' is no function of the catalogue; correct the code or add the function."
            )
        for code in sorted(known - set(block.mandates)):
            raise SeedError(f"mandates: the function '{code}' has no agency; name one, if only to hand matters over.")
    return document


def _load(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SeedError(f"The file is not valid YAML: {error}") from error


def _explain(error: ValidationError) -> str:
    """The first few faults, each with its place in the file."""
    faults = error.errors(include_url=False, include_input=False)
    lines = [f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}" for fault in faults[:5]]
    if len(faults) > 5:
        lines.append(f"and {len(faults) - 5} more")
    return "; ".join(lines)


def _demand_unique(values: Iterable[str], what: str) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            raise ValueError(f"{what} '{value}' appears {times} times; keep one")
