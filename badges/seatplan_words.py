"""What seat plans call things, in their three languages."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh-Hans": {
        "sheet": "席位图",
        "hall": "观众席",
        "table": "签约台",
        "from_hall": "观众视角：由观众席望向台上",
        "from_stage": "台上视角：由台上望向观众席",
        "people": "{count} 人",
        "nobody": "尚未安排人员",
        "printed": "打印于",
        "page": "第 {page} 页",
    },
    "zh-Hant": {
        "sheet": "座位圖",
        "hall": "觀眾席",
        "table": "簽約枱",
        "from_hall": "觀眾視角：由觀眾席望向台上",
        "from_stage": "台上視角：由台上望向觀眾席",
        "people": "{count} 人",
        "nobody": "尚未安排人員",
        "printed": "列印於",
        "page": "第 {page} 頁",
    },
    "en": {
        "sheet": "Seat plan",
        "hall": "Audience",
        "table": "Signing table",
        "from_hall": "As the audience sees it",
        "from_stage": "As seen from the stage",
        "people": "{count} people",
        "nobody": "Nobody is seated yet",
        "printed": "Printed",
        "page": "Page {page}",
    },
}
