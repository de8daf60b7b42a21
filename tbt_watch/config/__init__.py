"""Configuration: a TOML file becomes a frozen ``Config``; secrets come from the environment and nowhere else.

``config.example.toml`` shows every key with its default. An unknown key, a wrong type and a missing secret file are
refused with one sentence that names the file, the key, what was found and what is expected. Times of day are
those of Viet Nam; a relative path is relative to the folder of the configuration file.
"""

from tbt_watch.config.reading import load_config, spoken_language
from tbt_watch.config.settings import (
    AcceptSettings,
    BulletinSettings,
    Config,
    DeliverSettings,
    DigestSettings,
    EmailSettings,
    Enquiry,
    EnquiryPoint,
    FeedSettings,
    LeadDays,
    OfficeSettings,
    PretendSettings,
    ScheduleSettings,
    SourceSettings,
    StoreSettings,
    TelegramSettings,
    TranslateSettings,
    WebSettings,
)

__all__ = [
    "AcceptSettings",
    "BulletinSettings",
    "Config",
    "DeliverSettings",
    "DigestSettings",
    "EmailSettings",
    "Enquiry",
    "EnquiryPoint",
    "FeedSettings",
    "LeadDays",
    "OfficeSettings",
    "PretendSettings",
    "ScheduleSettings",
    "SourceSettings",
    "StoreSettings",
    "TelegramSettings",
    "TranslateSettings",
    "WebSettings",
    "load_config",
    "spoken_language",
]
