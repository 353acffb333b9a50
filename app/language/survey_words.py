"""The words around a survey's own: what its form, its thanks and its refusals say in each language people answer in.

Finnish, Swedish and English are translated like everything else. Russian, Arabic and Somali are spoken by those whom
some projects are for; the service speaks them nowhere else, so that their words stand here.
"""

from collections.abc import Mapping, Sequence

from app.language.catalogues import DEFAULT, SUPPORTED, msgid, msgid_in, translated, translated_in
from app.language.errors import error_sentence
from app.rules.surveys import LONGEST_TEXT

LANGUAGE_NAMES = {
    "fi": "Suomi",
    "sv": "Svenska",
    "en": "English",
    "ru": "Русский",
    "ar": "العربية",
    "so": "Soomaali",
}
"""Each in itself: who looks for one's own language need not read another."""
RIGHT_TO_LEFT = frozenset({"ar"})

WORDS: dict[str, str] = {
    "language": msgid("Language"),
    "skip": msgid("Skip to the content"),
    "accessibility": msgid("Accessibility statement"),
    "anonymous": msgid("The answers are anonymous: neither a name nor an address nor a time is kept."),
    "must": msgid("an answer is needed"),
    "choose_several": msgid("You may choose several."),
    "no_names": msgid("Write no names and nothing about anyone's health."),
    "send": msgid("Send the answers"),
    "preview": msgid("This is what the form looks like. Nothing can be sent from here."),
    "thanks": msgid("Thank you for answering"),
    "received": msgid("Your answers were received."),
    "another": msgid("Fill in another form"),
    "may_we_call": msgid("May we call you?"),
    "why_call": msgid(
        "We would like to call you once, in about six months, to hear how things have gone. If you agree, leave your "
        "telephone number. You need not."
    ),
    "call_apart": msgid(
        "The number is kept apart from your answers, and nothing ties it to them. It is erased after the call, at the "
        "latest in eight months."
    ),
    "phone": msgid("Telephone number"),
    "leave_number": msgid("You may call me at this number"),
    "number_kept": msgid("Thank you. Your number was kept for the call."),
    "closed": msgid("The survey is closed"),
    "closed_more": msgid("It takes no more answers. Thank you for your interest."),
    "unknown": msgid("There is no survey behind this link"),
    "unknown_more": msgid("Check the link, or ask for it where you got it."),
    "check": msgid("Check this"),
    "open_too_long": msgid("The page had stood open too long. Send your answers once more."),
    "phone_wrong": msgid("This is not a telephone number. Write it in digits, for example +358 40 123 4567."),
}
FAULTS = (
    *("survey_answer_missing", "survey_answer_unfit", "survey_answer_too_long", "survey_answer_empty"),
    *("survey_question_unknown", "survey_full", "identity_code", "control_characters"),
)
"""Codes of what can be wrong with answers; Finnish, Swedish and English have their sentences with all other errors."""
ANSWERS: dict[str, str] = {
    "yes": msgid_in("answer", "yes"),
    "no": msgid_in("answer", "no"),
    "agree": msgid_in("answer", "agree"),
    "disagree": msgid_in("answer", "disagree"),
}

RUSSIAN = {
    "language": "Язык",
    "skip": "К содержанию",
    "accessibility": "Доступность (на финском)",
    "anonymous": "Ответы анонимны: мы не храним ни имени, ни адреса, ни времени ответа.",
    "must": "нужен ответ",
    "choose_several": "Можно выбрать несколько вариантов.",
    "no_names": "Не пишите имён и сведений о здоровье.",
    "send": "Отправить ответы",
    "preview": "Так выглядит анкета. Отсюда ничего нельзя отправить.",
    "thanks": "Спасибо за ответы",
    "received": "Ваши ответы получены.",
    "another": "Заполнить ещё одну анкету",
    "may_we_call": "Можно вам позвонить?",
    "why_call": "Мы хотели бы позвонить вам один раз примерно через шесть месяцев и узнать, как идут дела. Если вы "
    "согласны, оставьте номер телефона. Это не обязательно.",
    "call_apart": "Номер хранится отдельно от ответов и никак с ними не связан. После звонка, но не позднее чем через "
    "восемь месяцев, он удаляется.",
    "phone": "Номер телефона",
    "leave_number": "Мне можно позвонить по этому номеру",
    "number_kept": "Спасибо. Номер сохранён для звонка.",
    "closed": "Опрос закрыт",
    "closed_more": "Ответы больше не принимаются. Спасибо за интерес.",
    "unknown": "По этой ссылке нет опроса",
    "unknown_more": "Проверьте ссылку или попросите её там, где вы её получили.",
    "check": "Проверьте ответы",
    "survey_answer_missing": "На этот вопрос нужно ответить.",
    "survey_answer_unfit": "Ответ не подходит к вопросу. Выберите один из вариантов.",
    "survey_question_unknown": "В опросе нет такого вопроса. Откройте страницу заново.",
    "survey_answer_too_long": "Ответ слишком длинный. Сократите его до {maximum} знаков.",
    "survey_answer_empty": "Вы ни на что не ответили. Ответьте хотя бы на один вопрос.",
    "survey_full": "Сегодня пришло очень много ответов, и больше мы не принимаем. Попробуйте завтра.",
    "identity_code": "В тексте есть личный код (henkilötunnus). Его нельзя здесь хранить. Удалите его.",
    "control_characters": "В тексте есть недопустимые знаки. Введите его заново.",
    "open_too_long": "Страница была открыта слишком долго. Отправьте ответы ещё раз.",
    "phone_wrong": "Это не номер телефона. Напишите его цифрами, например +358 40 123 4567.",
    "yes": "да",
    "no": "нет",
    "agree": "да, это так",
    "disagree": "нет, это не так",
}
ARABIC = {
    "language": "اللغة",
    "skip": "الانتقال إلى المحتوى",
    "accessibility": "إمكانية الوصول (بالفنلندية)",
    "anonymous": "الإجابات مجهولة المصدر: لا نحفظ اسمًا ولا عنوانًا ولا وقتًا.",
    "must": "الإجابة مطلوبة",
    "choose_several": "يمكن اختيار أكثر من إجابة.",
    "no_names": "يُرجى عدم كتابة أسماء أو معلومات صحية.",
    "send": "إرسال الإجابات",
    "preview": "هكذا يبدو الاستبيان. لا يمكن إرسال شيء من هنا.",
    "thanks": "شكرًا على الإجابة",
    "received": "وصلتنا الإجابات.",
    "another": "تعبئة استبيان آخر",
    "may_we_call": "هل يمكننا الاتصال بك؟",
    "why_call": "نودّ الاتصال مرة واحدة بعد نحو ستة أشهر لنعرف كيف تسير الأمور. في حال الموافقة يُرجى كتابة رقم الهاتف. "
    "الأمر اختياري.",
    "call_apart": "يُحفظ الرقم منفصلًا عن الإجابات ولا شيء يربطه بها. يُحذف بعد المكالمة، وفي موعد أقصاه ثمانية أشهر.",
    "phone": "رقم الهاتف",
    "leave_number": "أوافق على الاتصال بهذا الرقم",
    "number_kept": "شكرًا. حُفظ الرقم من أجل المكالمة.",
    "closed": "الاستبيان مغلق",
    "closed_more": "لم يعد يستقبل إجابات. شكرًا على الاهتمام.",
    "unknown": "لا يوجد استبيان على هذا الرابط",
    "unknown_more": "يُرجى التحقق من الرابط أو طلبه من مصدره.",
    "check": "يُرجى مراجعة ما يلي",
    "survey_answer_missing": "هذا السؤال يحتاج إلى إجابة.",
    "survey_answer_unfit": "الإجابة لا تناسب السؤال. يُرجى اختيار إحدى الإجابات.",
    "survey_question_unknown": "لا يوجد مثل هذا السؤال في الاستبيان. يُرجى فتح الصفحة من جديد.",
    "survey_answer_too_long": "الإجابة طويلة جدًا. يُرجى اختصارها إلى {maximum} حرف.",
    "survey_answer_empty": "لم تتم الإجابة عن أي سؤال. يُرجى الإجابة عن سؤال واحد على الأقل.",
    "survey_full": "وصل اليوم عدد كبير من الإجابات ولا يمكن استقبال المزيد. يُرجى المحاولة غدًا.",
    "identity_code": "في النص رقم هوية شخصي (henkilötunnus)، ولا يجوز حفظه هنا. يُرجى حذفه.",
    "control_characters": "في النص رموز غير مسموحة. يُرجى كتابته من جديد.",
    "open_too_long": "بقيت الصفحة مفتوحة مدة طويلة. يُرجى إرسال الإجابات مرة أخرى.",
    "phone_wrong": "هذا ليس رقم هاتف. يُرجى كتابته بالأرقام، مثلًا ‎+358 40 123 4567.",
    "yes": "نعم",
    "no": "لا",
    "agree": "أوافق",
    "disagree": "لا أوافق",
}
SOMALI = {
    "language": "Luqadda",
    "skip": "U bood nuxurka",
    "accessibility": "Helitaanka adeegga (af Finnish)",
    "anonymous": "Jawaabuhu magac ma leh: ma kaydinno magac, cinwaan ama waqti midna.",
    "must": "jawaab ayaa loo baahan yahay",
    "choose_several": "Waxaad dooran kartaa dhowr jawaabood.",
    "no_names": "Ha qorin magacyo ama macluumaad caafimaad.",
    "send": "Dir jawaabaha",
    "preview": "Foomku sidan ayuu u eg yahay. Halkan wax lagama diri karo.",
    "thanks": "Waad ku mahadsan tahay jawaabaha",
    "received": "Jawaabahaaga waan helnay.",
    "another": "Buuxi foom kale",
    "may_we_call": "Ma ku soo wici karnaa?",
    "why_call": "Waxaan jeclaan lahayn inaan hal mar ku soo wacno qiyaastii lix bilood ka dib, si aan u ogaanno "
    "sida wax u socdaan. Haddii aad ogoshahay, qor lambarka taleefankaaga. Qasab ma aha.",
    "call_apart": "Lambarka waxaa lagu kaydiyaa meel ka gaar ah jawaabaha, wax isku xiraana ma jiraan. Waa la tirtiraa "
    "wicitaanka ka dib, ugu dambayn siddeed bilood gudahood.",
    "phone": "Lambarka taleefanka",
    "leave_number": "Lambarkan waa la iga soo wici karaa",
    "number_kept": "Waad mahadsan tahay. Lambarka waxaa loo kaydiyay wicitaanka.",
    "closed": "Su'aalahan waa la xiray",
    "closed_more": "Jawaabo dambe lama qaado. Waad ku mahadsan tahay xiisahaaga.",
    "unknown": "Linkigan su'aalo kuma jiraan",
    "unknown_more": "Hubi linkiga, ama weydii cidda kuu soo dirtay.",
    "check": "Hubi kuwan",
    "survey_answer_missing": "Su'aashan waa in laga jawaabo.",
    "survey_answer_unfit": "Jawaabtu su'aasha kuma habboona. Dooro mid ka mid ah jawaabaha.",
    "survey_question_unknown": "Su'aal noocaas ah ma jirto. Bogga mar kale fur.",
    "survey_answer_too_long": "Jawaabtu aad bay u dheer tahay. Ka dhig ugu badnaan {maximum} xaraf.",
    "survey_answer_empty": "Waxba kama aadan jawaabin. Ka jawaab ugu yaraan hal su'aal.",
    "survey_full": "Maanta jawaabo aad u badan ayaa yimid, kuwo kalena lama qaado. Berri isku day.",
    "identity_code": "Qoraalka waxaa ku jira lambarka aqoonsiga (henkilötunnus). Halkan laguma kaydin karo. Ka saar.",
    "control_characters": "Qoraalka waxaa ku jira calaamado aan la oggolayn. Mar kale qor.",
    "open_too_long": "Bogga waqti dheer ayuu furnaa. Mar kale dir jawaabaha.",
    "phone_wrong": "Kani ma aha lambar taleefan. Ku qor tirooyin, tusaale +358 40 123 4567.",
    "yes": "haa",
    "no": "maya",
    "agree": "waan ku raacsanahay",
    "disagree": "kuma raacsani",
}
OTHERS: Mapping[str, Mapping[str, str]] = {"ru": RUSSIAN, "ar": ARABIC, "so": SOMALI}


def survey_words(language: str) -> Mapping[str, str]:
    """Every word around a survey's own, by name; raises KeyError for a language nobody answers in."""
    limits = {"maximum": LONGEST_TEXT}
    if language not in SUPPORTED:
        return {name: text.format_map(limits) for name, text in OTHERS[language].items()}
    words = {name: translated(text, language) for name, text in WORDS.items()}
    words |= {code: error_sentence(code, limits, language) for code in FAULTS}
    return words | {name: translated_in("answer", text, language) for name, text in ANSWERS.items()}


def direction(language: str) -> str:
    """In which direction a language is written, as HTML names it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def wanted_language(accept_language: str | None, languages: Sequence[str]) -> str:
    """Of the languages a survey has, the one that a browser asks for first; else the survey's own first."""
    for part in (accept_language or "").split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in languages:
            return tag
    return languages[0] if languages else DEFAULT
