"""Rulebooks broken on purpose, each with the properties that must find it out."""

from __future__ import annotations

from dataclasses import dataclass

from tests.policy_folders import Folders

GROUNDS, DEFINITIONS, VERSIONS = "rules/grounds", "rules/definitions", "policy_versions"
NOT_RESIDENT = "the child does not ordinarily live in the authority's area"
BIRTHDAYS = "A date of birth matters only by the 8th and 11th birthday"
NOTICE = "rules/notices/late_application.yaml"
ENGLAND, OLD, NEW = "england", "somerset-2016", "somerset-2018"


@dataclass(frozen=True)
class Broken:
    """In `place`, `old` becomes `new` (and `also` more). Under `version` every property in `breaks` is broken by it."""

    place: str
    old: str
    new: str
    version: str
    breaks: tuple[str, ...]
    also: tuple[tuple[str, str, str], ...] = ()

    def edit(self, folders: Folders) -> None:
        """Break a copy of the rulebook."""
        for place, old, new in ((self.place, self.old, self.new), *self.also):
            folders.replace(place, old, new)

    def __str__(self) -> str:
        return f"{self.place.rpartition('/')[2]}: {' '.join(self.new.split())[:60]}"


def _ground(name: str, old: str, new: str, version: str, *breaks: str) -> Broken:
    return Broken(f"{GROUNDS}/{name}.yaml", old, new, version, breaks)


def _definition(name: str, old: str, new: str, version: str, *breaks: str) -> Broken:
    return Broken(f"{DEFINITIONS}/{name}.yaml", old, new, version, breaks)


def _version(name: str, old: str, new: str, *breaks: str) -> Broken:
    return Broken(f"{VERSIONS}/{name}.yaml", old, new, name, breaks)


THE_RULEBOOK = [
    _ground("faith", "test: belief_is_reason", "test: not resident", OLD, "{it} can be met"),
    _ground("boarding",
            f"test: resident\n    otherwise: {NOT_RESIDENT}\n  - test: boards",
            "test: boards or not boards", ENGLAND, "{it} can be not met"),
    _ground("low_income_8_to_10", "walking_mm > low_income_walking_limit", "beyond_walking_distance", ENGLAND,
            "somebody is entitled by {it} and by no other ground"),
    _ground("temporary_medical", "test: temporary_condition_now", "test: has_exceptional_circumstances", OLD,
            "somebody is referred to an officer by {it} and by no other ground"),
    _ground("walking_distance", "test: beyond_walking_distance\n",
            "test: beyond_walking_distance\n    only_for_the_result: true\n", ENGLAND,
            "Whoever is entitled meets some ground as its paragraph words it",
            "Within 2 miles nobody is entitled who can walk safely and has one home"),
    _ground("walking_distance", "test: resident", "test: resident or award_granted_on <= on", ENGLAND,
            "Every pupil of whom all facts are known gets an answer",
            "{it} has an answer for every pupil of whom all facts are known"),
    _ground("faith", 'faith_terms == "any_school_of_belief" or nearest_school_of_belief', "nearest_school_of_belief",
            OLD, "somebody's outcome or notice hangs on {it}"),
    _version("somerset-2018", "test: not award_in_error", "test: award_in_error and not has_award",
             "somebody keeps {it}, and has nothing else",
             "Who holds an award to a faith school from before keeps what the old policy gave",
             "Who holds an award from the other home from before keeps what the old policy gave"),
]  # fmt: skip

STATUTE = [
    _version("somerset-2016", "parameters:\n", "parameters:\n  walking_limit: {value: 4, unit: miles, source: x}\n",
             "Whatever statute grants, the version grants", "No council words a statutory ground otherwise",
             "From 8, the nearest school carries from the first millimetre beyond 3 miles",
             "The designated transport area school carries beyond walking distance, as the nearest does"),
    _version("somerset-2018", "changes:\n", "changes:\n  - {withdraw: boarding, source: none}\n",
             "Whatever statute leaves to an officer, the version does not refuse",
             "What was not withdrawn is considered as before",
             "A child who boards is never entitled by the engine, an officer decides",
             "A new pupil loses exactly what was withdrawn"),
    _ground("special_needs", "test: not beyond_walking_distance", "test: resident", ENGLAND,
            "Nobody is both beyond walking distance and unable to walk within it"),
    _ground("low_income_8_to_10", "years(date_of_birth, on) < low_income_older_from",
            "years(date_of_birth, on) <= low_income_older_from", ENGLAND,
            "Nobody is under paragraph 9 and paragraph 11 or 12 at once",
            "Paragraph 9 is for those of 8, 9 and 10, paragraphs 11 and 12 begin on the 11th birthday",
            "Under statute a date of birth matters only by the 8th and 11th birthday and compulsory school age"),
    _ground("under_school_age", "test: not of_compulsory_school_age", "test: resident", OLD,
            "Nobody has a statutory ground and the local one for those outside compulsory school age at once"),
    _ground("walking_distance", "test: resident", "test: of_compulsory_school_age", ENGLAND,
            "Nothing is granted to a child who does not live in the authority's area"),
    _ground("walking_distance", "test: of_compulsory_school_age", "test: resident", ENGLAND,
            "Statute grants nothing outside compulsory school age",
            "A child under 5 or over 17 is never entitled under statute",
            "Nothing is granted outside the ages of 4 to 16"),
    _definition("school", "not boards and (", "not boards and not arranged_otherwise and (", ENGLAND,
                "A place arranged otherwise than at school has the same tests"),
    _definition("school", "not boards and (", "resident and (", OLD,
                "A child who boards is never entitled by the engine, an officer decides"),
    _definition("school", "not independent_school or (", "resident or (", ENGLAND,
                "An independent school that no plan names carries nobody"),
    _ground("low_income_belief", "belief_is_reason", "resident", ENGLAND,
            "Without a religion or belief nobody is under paragraph 12"),
]  # fmt: skip

DISTANCE = [
    _ground("walking_distance", "test: beyond_walking_distance",
            "test: beyond_walking_distance and walking_mm < 8000000", ENGLAND,
            "More walking distance never removes the distance ground",
            "Who is entitled stays entitled if the walk is longer",
            "From 8, the nearest school carries from the first millimetre beyond 3 miles",
            "Under 8, the nearest school carries from the first millimetre beyond 2 miles",
            "A plan makes the school it names count as the nearest"),
    _ground("low_income_11", "road_mm <= low_income_road_limit", "road_mm > low_income_road_limit", ENGLAND,
            "Who is not entitled does not become so because the road is longer",
            "Exactly 6 miles by road is inside the limit", "A millimetre beyond 6 miles by road is outside"),
    _definition("distance", "walking_mm > walking_limit\n", "walking_mm >= walking_limit\n", ENGLAND,
                "From 8, exactly 3 miles is within walking distance"),
    _definition("distance", "walking_mm > walking_limit_for_younger_children",
                "walking_mm >= walking_limit_for_younger_children", ENGLAND,
                "Under 8, exactly 2 miles is within walking distance"),
    _ground("low_income_8_to_10", "walking_mm > low_income_walking_limit", "walking_mm >= low_income_walking_limit",
            ENGLAND, "Exactly 2 miles is not more than 2 miles on low income",
            "Within 2 miles nobody is entitled who can walk safely and has one home"),
    _version("england", "  low_income_walking_limit:\n    {value: 2, ", "  low_income_walking_limit:\n    {value: 3, ",
             "A millimetre more than 2 miles is enough on low income, aged 8 to 10",
             "A millimetre more than 2 miles is enough on low income from 11",
             "A millimetre more than 2 miles is enough on low income and belief"),
    _ground("low_income_belief", "road_mm <= low_income_belief_road_limit", "road_mm > low_income_belief_road_limit",
            ENGLAND, "Exactly 15 miles by road is inside the limit of paragraph 12",
            "A millimetre beyond 15 miles by road is outside"),
    _version("england", "  nearer_schools_that_rule_out:\n    {value: 3, ",
             "  nearer_schools_that_rule_out:\n    {value: 2, ",
             "Two suitable schools nearer do not rule out paragraph 11"),
    _version("england", "  nearer_schools_that_rule_out:\n    {value: 3, ",
             "  nearer_schools_that_rule_out:\n    {value: 4, ",
             "Three suitable schools nearer rule out paragraph 11"),
    _ground("low_income_11", "test: fewer_than_three_nearer", "test: not fewer_than_three_nearer", ENGLAND,
            "To be the nearest school, or nearer among several, never takes anything away"),
    _ground("walking_distance", "test: beyond_walking_distance", "test: beyond_walking_distance and can_walk", ENGLAND,
            "To be unable to walk, or to have a need, never takes anything away"),
    _definition("distance", " or temporary_condition_now)", ")", ENGLAND,
                "A temporary condition that stops a child walking to the nearest school is a statutory matter first"),
    _definition("distance", "on < route_safe_from", "on > route_safe_from", ENGLAND,
                "An unsafe route entitles to the nearest school until the day from which it is safe",
                "From the day on which a route is safe, that ground ends"),
    _definition("distance", "on < route_safe_from", "on <= route_safe_from", ENGLAND,
                "From the day on which a route is safe, that ground ends"),
    _ground("transport_area", "test: beyond_walking_distance", "test: beyond_walking_distance and not route_unsafe_now",
            OLD, "Beyond 3 miles it does not matter whether the route is safe"),
    _definition("school", "named_in_the_plan or nearest_school", "nearest_school", ENGLAND,
                "A plan makes the school it names count as the nearest"),
    _definition("school", " and not plan_is_parental_preference", "", ENGLAND,
                "A plan that names the school as the parent's preference is as no plan"),
]  # fmt: skip

AGE = [
    _definition("age", "test: school_age_starts_on <= on <= school_age_ends_on",
                "test: school_age_starts_on <= on <= school_age_ends_on and years(date_of_birth, on) != 9", OLD,
                f"{BIRTHDAYS}, compulsory school age and the council's ages",
                "The designated transport area school carries beyond walking distance, as the nearest does"),
    _definition("age", "test: compulsory_age_starts_on <= on <= compulsory_age_ends_on",
                "test: compulsory_age_starts_on <= on <= compulsory_age_ends_on and years(date_of_birth, on) != 9",
                ENGLAND,
                "Under statute a date of birth matters only by the 8th and 11th birthday and compulsory school age",
                "From 8, the nearest school carries from the first millimetre beyond 3 miles"),
    _ground("transport_area", "test: resident", "test: resident and on != date(2017, 3, 1)", OLD,
            "A later day moves the outcome only if something happens in between"),
    _version("england", "value: [08-31, 12-31, 03-31]", "value: [08-31, 12-31, 04-01]",
             "A child born on 10 February 2019 is of compulsory school age from 31 March 2024"),
    _version("england", "value: last friday of june", "value: last monday of june",
             "A child born on 23 September 2007 is of compulsory school age to 28 June 2024"),
    _version("somerset-2016", "  school_age_ends_at:\n    {value: 16, ", "  school_age_ends_at:\n    {value: 17, ",
             "Nothing is granted outside the ages of 4 to 16"),
    _ground("under_school_age", "test: counts_as_nearest", "test: counts_as_nearest and can_walk", OLD,
            "A child of school age who is not of compulsory school age has the distance, needs and route tests"),
]  # fmt: skip

INCOME = [
    _definition("income", "evidence_seen and (free", "not evidence_seen and (free", ENGLAND,
                "Evidence of low income never takes anything away",
                "Low income that is claimed and not shown is not met",
                "Free school meals and Working Tax Credit at the maximum rate are low income on every day"),
    _ground("walking_distance", "test: beyond_walking_distance", "test: beyond_walking_distance and not low_income",
            ENGLAND, "A low income never takes anything away", "Income does not matter under 8"),
    _version("england", "value: 7400.00", "value: 7399.99", "Net earnings of exactly £7,400 are within the limit"),
    _version("england", "value: 1233.34", "value: 1233.33",
             "£616.67, £1,233.34 or £1,850 over the last one, two or three periods is within the limit"),
    _version("england", "value: 7400.00", "value: 7400.01",
             "From 1 April 2018 Universal Credit above every earnings limit is not low income"),
    _version("england", "value: 2018-04-01, unit: date", "value: 2018-03-31, unit: date",
             "Until 31 March 2018 Universal Credit counts whatever is earned"),
    _version("england", "value: 2022-03-31", "value: 2022-03-30",
             "Meals protected on 1 April 2018 count until the roll-out of Universal Credit was first said to end"),
    _definition("income", 'award_ground in {"low_income_8_to_10", "low_income_11", "low_income_belief"}',
                'award_ground in {"low_income_8_to_10", "low_income_belief"}', ENGLAND,
                "Within the school year of an award on low income, the income no longer matters"),
]  # fmt: skip

SOMERSET = [
    _ground("exceptional", "test: of_school_age", "test: of_school_age and not transport_area_school", OLD,
            "To be the designated transport area school never takes anything away"),
    _ground("exceptional", "outcome: refer", "outcome: entitled", OLD,
            "Exceptional circumstances are considered, and entitle nobody by themselves"),
    _ground("transport_area", "test: resident", "test: resident and serious_incident", OLD,
            "Waiting times, incidents and passenger assistants never change eligibility"),
    _ground("other_home", "from_other_home(any(tried_from_each_home))", "any(tried_from_each_home)", OLD,
            "Until August 2018 a child of parents living apart is assessed from both homes"),
    _ground("faith", "test: belief_is_reason", "test: belief_is_reason and has_award", OLD,
            "Until August 2018 the nearest school of the family's belief carries beyond walking distance"),
    _version("somerset-2016", "    value: any_school\n", "    value: nearest_or_transport_area\n",
             "Until August 2018 a temporary medical need is considered to any school"),
    _ground("temporary_medical", "outcome: refer", "outcome: entitled", OLD,
            "A temporary medical need entitles nobody who can walk"),
    _version("somerset-2018",
             "  - withdraw: other_home\n    source: the council's paper, section 2.1, split families\n", "",
             "From September 2018 a new pupil is assessed only from the registered home"),
    _version("somerset-2018",
             "  - withdraw: faith\n"
             "    source: the council's paper, section 2.1, travel assistance on grounds of religion or belief\n",
             "", "From September 2018 the outcome of a new pupil does not depend on faith, paragraph 12 aside",
             "A new pupil over the distance is carried only to the nearest or transport area school, or on low income"),
    _ground("temporary_medical", " or counts_as_nearest or counts_as_transport_area_school",
            " or counts_as_transport_area_school", NEW,
            "From September 2018 a temporary medical need is considered to the nearest or transport area school alone"),
    _version("somerset-2018", "    value: nearest_or_transport_area\n", "    value: any_school\n",
             "From September 2018 a new pupil at neither school is not helped for a temporary medical need"),
]  # fmt: skip

CHANGE = [
    _version("somerset-2018", "test: award_for_this_school", "test: not award_for_this_school",
             "Who holds an award to a faith school from before keeps what the old policy gave",
             "Who holds an award from the other home from before keeps what the old policy gave",
             "An award in error, a paid seat, one for another school and one that has run out are as no award"),
    _version("somerset-2018",
             '    - {ground: temporary_medical, source: "the council\'s paper, section 2.1, to any school"}\n', "",
             "Who holds an award for a temporary medical need from before is considered as under the old policy",
             "No pupil who was at the school before the change is refused what the old policy gave"),
    _version("somerset-2018", "refer_if_different: true", "refer_if_different: false",
             "No pupil who was at the school before the change is refused what the old policy gave",
             "Somebody keeps under one reading of legitimate expectation what the other takes, and goes to an officer",
             "Somebody who moved house since the change goes to an officer"),
    _version("somerset-2018", "changes:\n", "changes:\n  - {withdraw: transport_area, source: none}\n",
             "What was not withdrawn is granted as before", "A new pupil loses exactly what was withdrawn"),
    _version("somerset-2018", "changes:\n", "changes:\n  - {withdraw: exceptional, source: none}\n",
             "What was not withdrawn is considered as before"),
    _version("somerset-2018", "changes:\n",
             "changes:\n  - {parameter: walking_limit_for_younger_children, value: 1, source: none}\n",
             "The change gives nobody more than the old policy gave on that day",
             "A new pupil loses exactly what was withdrawn"),
    _version("somerset-2018", "test: not award_paid_seat", "test: resident",
             "An award in error, a paid seat, one for another school and one that has run out are as no award"),
    _ground("transport_area", "test: resident", "test: resident and not has_award", NEW,
            "An award never takes anything away, but for an officer's look at it"),
    _ground("transport_area", "test: resident", "test: resident and school_started_on >= version_from", NEW,
            "To have been at the school before the change never takes anything away"),
    Broken(NOTICE,
           '"ignoring_places" and not nearest_ignoring_places)', '"ignoring_places")',
           NEW, ("Late notice never applies to the nearest school, places ignored",)),
    Broken(NOTICE, "test: not counts_as_transport_area_school", "test: resident", NEW,
           ("Late notice never applies to the transport area school",)),
    Broken(NOTICE, "test: placed_because_late", "test: resident", NEW,
           ("Late notice applies to nobody whose place does not result from a late application",)),
    Broken(NOTICE, "test: placed_because_late", "test: placed_because_late and not resident",
           NEW, ("Late notice can apply where a late application led to a place at neither school",)),
    Broken(f"{VERSIONS}/somerset-2016.yaml", "advice: [waiting",
           "notices:\n  - {notice: late_application, source: none}\nadvice: [waiting",
           OLD, ("Until August 2018 there is no notice",),
           ((NOTICE, '(notice_nearest == "ignoring_places" and not nearest_ignoring_places)', "not nearest_school"),
            (NOTICE, 'or (notice_nearest == "with_a_place" and not nearest_school)', "or not nearest_school"),
            (NOTICE, 'not (protection_scope == "every_change" and school_started_on < version_from)', "resident"))),
    _ground("transport_area", "test: resident", "test: resident and admission_on_time", OLD,
            "A late application never changes who is entitled, only when travel starts"),
]  # fmt: skip

BROKEN = [*THE_RULEBOOK, *STATUTE, *DISTANCE, *AGE, *INCOME, *SOMERSET, *CHANGE]
