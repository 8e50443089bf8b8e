"""`somerset-2016` and `somerset-2018` on 4 September 2018, written by hand in Polars, as an analyst who knows it would.

What both versions share is worked out once, everything by column, facts missing or not; figures of the policy are
written in. The benchmark stops unless it says of every pupil what the frame engine says.
"""

from __future__ import annotations

import polars as pl

ON, CHANGE = 20180904, 20180901
TWO_MILES, THREE_MILES, SIX_MILES, FIFTEEN_MILES = 3_218_688, 4_828_032, 9_656_064, 24_140_160
OTHER = "_at_other_home"
ELEMENTS = ("other_home", "faith", "temporary_medical")
LOW_INCOME = ("low_income_8_to_10", "low_income_11", "low_income_belief")
TAGGED = (
    *("walking_distance", "carries_needs", "carries_unsafe", *LOW_INCOME),
    *("transport_area", "carries_under_school_age"),
)
"""The forms that entitle a child from a home."""
ENTITLED, REFER, NOT_ENTITLED, OPEN = range(4)


def c(name: str) -> pl.Expr:
    """A fact."""
    return pl.col(f"fact_{name}")


def one_of(names: list[str]) -> pl.Expr:
    """Whether one of several holds, in three values."""
    found = pl.col(names[0])
    for name in names[1:]:
        found |= pl.col(name)
    return found


def assess(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Both versions, with protection under both readings; outcomes as numbers, the rest true, false or null."""
    frame = facts.with_columns(*shared()).with_columns(*more()).with_columns(*of_home(""), *of_home(OTHER))
    frame = frame.with_columns(*grounds(""), *grounds(OTHER)).with_columns(*of_council()).with_columns(*kept())
    return frame.with_columns(*sums()).select("row", *answers())


def shared() -> list[pl.Expr]:
    """What hangs on no home and on nothing else worked out."""
    compulsory = (c("compulsory_age_starts_on") <= ON) & (c("compulsory_age_ends_on") >= ON)
    school_age = (c("school_age_starts_on") <= ON) & (c("school_age_ends_on") >= ON)
    earns = c("net_earnings_pence") <= 740_000
    earns |= c("net_earnings_last_period_pence") <= 61_667
    earns |= c("net_earnings_last_two_periods_pence") <= 123_334
    earns |= c("net_earnings_last_three_periods_pence") <= 185_000
    income = c("free_school_meals") | c("maximum_working_tax_credit") | (c("universal_credit") & earns)
    shown = c("evidence_seen") & (income | c("free_school_meals_protected"))
    ground = c("award_ground")
    held = c("has_award") & c("award_for_this_school") & ~c("award_in_error") & ~c("award_paid_seat")
    held &= c("award_ends_on") >= ON
    low = (ground == LOW_INCOME[0]) | (ground == LOW_INCOME[1]) | (ground == LOW_INCOME[2])
    runs = held & low & c("award_given_this_school_year") & (c("award_granted_on") <= ON)
    names = c("has_plan") & c("plan_names_this_school")
    moved = (c("moved_on") <= ON) & (c("moved_on") > c("award_granted_on")) & (c("moved_on") >= CHANGE)
    at_school = c("school_started_on") < CHANGE
    stays = held & (c("award_policy") == "somerset-2016") & (c("award_granted_on") < CHANGE) & at_school & ~moved
    return [
        (c("resident") & compulsory).alias("by_law"),
        (c("resident") & school_age).alias("by_council"),
        compulsory.alias("compulsory"),
        (c("date_of_birth") > ON - 80_000).alias("under_8"),
        (c("date_of_birth") <= ON - 110_000).alias("is_11"),
        (shown | runs).alias("low_income"),
        (names & ~c("plan_is_parental_preference")).alias("named"),
        names.alias("plan_names"),
        (c("has_temporary_condition") & (c("medical_from") <= ON) & (c("medical_until") >= ON)).alias("unwell"),
        at_school.alias("at_school"),
        stays.alias("stays"),
    ]


def more() -> list[pl.Expr]:
    """What hangs on no home, from what is worked out."""
    other = c("moved_on" + OTHER)
    moved = (other <= ON) & (other > c("award_granted_on")) & (other >= CHANGE)
    needs = c("has_special_needs") | c("disability") | c("mobility_problem") | pl.col("unwell")
    by_law = pl.col("by_law") & pl.col("low_income")
    return [
        needs.alias("needs"),
        (by_law & pl.col("is_11")).alias("low_11"),
        (by_law & ~pl.col("under_8") & ~pl.col("is_11")).alias("low_8"),
        (pl.col("stays") & (c("award_ground") == "other_home") & ~moved).alias("5.1 other_home"),
        (pl.col("stays") & (c("award_ground") == "faith")).alias("5.1 faith"),
        (pl.col("stays") & (c("award_ground") == "temporary_medical")).alias("5.1 temporary_medical"),
    ]


def of_home(home: str) -> list[pl.Expr]:
    """What the grounds ask of a home."""
    walking, named = c("walking_mm" + home), c("nearest_of_named_schools" + home)
    fit = pl.col("plan_names") & (c("plan_names_one_school") | named)
    least, most = (c(f"nearer_suitable_schools{home}_{end}") for end in ("least", "most"))
    few = pl.when(most < 3).then(True).otherwise(pl.when(least >= 3).then(False))
    return [
        (~c("boards") & (~c("independent_school") | fit)).alias("qualifies" + home),
        (pl.col("named") | c("nearest_school" + home)).alias("nearest" + home),
        ((walking > THREE_MILES) | (pl.col("under_8") & (walking > TWO_MILES))).alias("beyond" + home),
        (walking > TWO_MILES).alias("beyond_two" + home),
        (~c("can_walk" + home) & pl.col("needs")).alias("cannot_walk" + home),
        (c("route_unsafe" + home) & (c("route_safe_from" + home) > ON)).alias("unsafe" + home),
        few.alias("few_nearer" + home),
    ]


def grounds(home: str) -> list[pl.Expr]:
    """The grounds that are tried from each home."""

    def h(name: str) -> pl.Expr:
        return pl.col(name + home)

    to_nearest = pl.col("by_law") & h("qualifies") & h("nearest")
    beyond_two = h("qualifies") & h("beyond_two")
    by_council = pl.col("by_council") & h("qualifies")
    of_belief, road = c("belief_is_reason") & c("nearest_school_of_belief" + home), c("road_mm" + home)
    under = by_council & h("nearest") & (h("beyond") | h("cannot_walk") | h("unsafe"))
    found = {
        "walking_distance": to_nearest & h("beyond"),
        "carries_needs": to_nearest & h("cannot_walk"),
        "carries_unsafe": to_nearest & h("unsafe"),
        "low_income_8_to_10": pl.col("low_8") & beyond_two & h("nearest"),
        "low_income_11": pl.col("low_11") & beyond_two & (road <= SIX_MILES) & h("few_nearer"),
        "low_income_belief": pl.col("low_11") & beyond_two & (road <= FIFTEEN_MILES) & of_belief,
        "transport_area": by_council & c("transport_area_school" + home) & h("beyond"),
        "carries_under_school_age": under,
        "faith": by_council & of_belief & h("beyond"),
    }
    return [value.alias(name + home) for name, value in found.items()]


def of_council() -> list[pl.Expr]:
    """The grounds of the council, and what both versions report besides."""
    unwell = pl.col("by_council") & pl.col("unwell")
    area = c("transport_area_school")
    return [
        (c("has_other_home") & one_of([f"{name}{OTHER}" for name in (*TAGGED, "faith")])).alias("other_home"),
        unwell.alias("temporary_medical"),
        (unwell & (pl.col("nearest") | area)).alias("temporary_medical_now"),
        (pl.col("by_council") & c("has_exceptional_circumstances")).alias("exceptional"),
        (c("resident") & c("boards")).alias("boarding"),
        (pl.col("carries_needs") & ~pl.col("beyond")).alias("special_needs"),
        (pl.col("carries_unsafe") & ~pl.col("beyond")).alias("unsafe_route"),
        (pl.col("carries_under_school_age") & ~pl.col("compulsory")).alias("under_school_age"),
        (c("placed_because_late") & ~pl.col("named") & ~c("nearest_ignoring_places") & ~area).alias("late"),
        one_of(list(TAGGED)).alias("entitled"),
    ]


def kept() -> list[pl.Expr]:
    """The withdrawn elements that are kept, under each reading."""
    by_award = [(pl.col(f"5.1 {name}") & pl.col(name)).alias(f"kept {name} 5.1") for name in ELEMENTS]
    return by_award + [(pl.col("at_school") & pl.col(name)).alias(f"kept {name} 1.1") for name in ELEMENTS]


def outcome(entitled: pl.Expr, refer: pl.Expr) -> pl.Expr:
    """The first that is not false decides, as a number."""

    def n(number: int) -> pl.Expr:
        return pl.lit(number, pl.Int8)

    second = pl.when(refer).then(n(REFER)).otherwise(pl.when(~refer).then(n(NOT_ENTITLED)).otherwise(n(OPEN)))
    return pl.when(entitled).then(n(ENTITLED)).otherwise(pl.when(~entitled).then(second).otherwise(n(OPEN)))


def sums() -> list[pl.Expr]:
    """The outcome of each version and reading."""
    refer = pl.col("boarding") | pl.col("exceptional")
    old = pl.col("entitled") | pl.col("faith") | pl.col("other_home")
    found = [outcome(old, refer | pl.col("temporary_medical")).alias("old")]
    for reading in ("5.1", "1.1"):
        mine = {name: pl.col(f"kept {name} {reading}") for name in ELEMENTS}
        entitled = pl.col("entitled") | mine["other_home"] | mine["faith"]
        now = refer | pl.col("temporary_medical_now") | mine["temporary_medical"]
        found.append(outcome(entitled, now).alias(f"new {reading}"))
    return found


def answers() -> list[pl.Expr]:
    """Every column that the frame engine gives, by its name."""
    same = {
        name: pl.col(name) for name in ("walking_distance", *LOW_INCOME, "boarding", "transport_area", "exceptional")
    }
    same |= {name: pl.col(name) for name in ("special_needs", "unsafe_route", "under_school_age")}
    same |= {
        "carries:special_needs": pl.col("carries_needs"),
        "carries:unsafe_route": pl.col("carries_unsafe"),
        "carries:under_school_age": pl.col("carries_under_school_age"),
    }
    old = {**same, **{name: pl.col(name) for name in ELEMENTS}, "outcome": pl.col("old")}
    first, second = pl.col("new 5.1"), pl.col("new 1.1")
    agreed = pl.when(first == second).then(first).otherwise(pl.lit(REFER, pl.Int8))
    new = {
        **same,
        "temporary_medical": pl.col("temporary_medical_now"),
        "outcome": pl.when((first == OPEN) | (second == OPEN)).then(pl.lit(OPEN, pl.Int8)).otherwise(agreed),
        "outcome[5.1]": first,
        "outcome[1.1]": second,
        "notice:late_application": pl.col("late"),
    }
    for reading in ("5.1", "1.1"):
        mine = {name: pl.col(f"kept {name} {reading}") for name in ELEMENTS}
        new |= {f"kept:{name}[{reading}]": value for name, value in mine.items()}
        number = pl.lit(None, pl.Int8)
        for place, value in reversed(list(enumerate(mine.values()))):
            number = pl.when(value).then(pl.lit(place, pl.Int8)).otherwise(number)
        new[f"protected[{reading}]"] = number
    new["protected"] = new["protected[5.1]"]
    named = {"somerset-2016": old, "somerset-2018": new}
    return [value.alias(f"{label}:{name}") for label, found in named.items() for name, value in found.items()]
