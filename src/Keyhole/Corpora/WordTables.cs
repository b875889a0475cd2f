using System.Collections.Frozen;

namespace Keyhole.Corpora;

/// <summary>What the sentence splitter knows of English words, as data.</summary>
internal static class WordTables
{
    /// <summary>Kinds of abbreviations, by the word before the full stop, in the case in which it is written.</summary>
    public static readonly FrozenDictionary<string, AbbreviationKind>.AlternateLookup<ReadOnlySpan<char>> Abbreviations = Build(
        (AbbreviationKind.Title,
            "Mr Mrs Ms Mx Messrs Mme Mmes Mlle Mlles Dr Drs Prof Profs Rev Hon Gen Col Lt Sgt Capt Cpt Cmdr Comdr Cdr Adm Brig Maj Cpl Pvt Pfc Ens Gov Sen Sens Rep Reps Pres Supt Insp Msgr Mgr Fr Bro Ven Amb Det Lieut Sergt Atty Asst Dep Ald "
            + "Hr Frl Dra Sra Srta Sto Sta"),
        (AbbreviationKind.Inner,
            "vs e.g i.e eg ie cf viz approx ca c.f E.g I.e Cf Viz Approx Vs resp incl excl esp var subsp ssp spp aff anon orig pron abbr"),
        (AbbreviationKind.BeforeNumber,
            "No Nos no nos Nr nr Fig Figs fig figs p pp P Pp pg vol Vol vols Vols ch Ch chap Chap chs sec Sec sect Sect art Art arts eq Eq eqs Eqs ver Ver ed Ed pt Pt pts app App par para fol ff Op op Hwy Rte Rt Rm Apt Bldg apt ext Ext "
            + "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun Lev Deut Josh Sam Kgs Chr Neh Ps Prov Eccl Isa Jer Ezek Dan Hos Matt Mk Lk Jn Rom Cor Gal Eph Phil Thess Tim Tit Heb Jas Pet "
            + "est Est circa tel Tel Rs Abs lib cap lin col ll"),
        (AbbreviationKind.Either,
            "Inc Ltd Co Cos Corp Bros LLC Pty Plc plc Jr Sr Esq St Ste Mt Ft Ave Av Blvd Rd Ln Sq Pl Pkwy Hts Dept dept Univ Assn Assoc Mfg Intl Natl Govt govt Inst Acad Soc Lab Labs Ctr etc al Etc ibid Ibid id cit seq "
            + "Ala Ariz Ark Cal Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mich Minn Miss Mo Mont Neb Nebr Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo Ont Que Alta Sask "
            + "ft lb lbs oz hr hrs min mins secs yd yds mi sq cu kg km cm mm ml mg gal doz pct max avg dia hp rpm mph kph deg temp wt ht tbsp tsp "
            + "eds Eds trans Trans rev repr cont contd Cont misc Misc dist Dist jct div Div Gk Lat Ger Sc Mss MS MSS Bt Kt"));

    /// <summary>Words that begin sentences and are hardly ever names: after an abbreviation they say that a sentence ended.</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Starters = Words(
        "The A An This That These Those It Its He She They We You I His Her Their Our My Your Who Whose Which What When Where Why How Whether Whatever Whenever "
        + "In On At By For From With Without Within After Before During Since Until Till While As Of To Into Onto Upon Under Over Between Among Amid Against Across Along Around About Above Below Behind Beside Besides Beyond Through Throughout Toward Towards Near "
        + "If Unless Although Though Because But And Or Nor So Yet Both Either Neither However Therefore Thus Hence Meanwhile Moreover Furthermore Nevertheless Nonetheless Otherwise Instead Indeed Similarly Likewise Additionally Consequently Accordingly "
        + "Then There Here Now Once Soon Later Still Also Even Just Only Not No Yes Perhaps Maybe Today Tomorrow Yesterday Again Finally Eventually Initially Originally Previously Subsequently Recently Currently Usually Often Sometimes Generally "
        + "Some Many Much Most More Several Few Each Every All Any Another Other Others Such One Two Three Four Five Six Seven Eight Nine Ten Despite Except Like Unlike Per Via According Following Including Due Given Based "
        + "Did Do Does Is Are Was Were Would Could Should Have Has Had Can Shall Let Please Nobody Nothing Everyone Everything Someone Something Anyone People");

    /// <summary>Verbs with which a speech is reported after its closing quotation mark.</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SpeechVerbs = Words(
        "said says say asked asks cried cries replied replies exclaimed exclaims answered answers whispered whispers shouted shouts repeated repeats inquired enquired inquires muttered mutters murmured murmurs "
        + "added adds continued continues began begins interrupted interrupts interposed rejoined returned remarked remarks observed observes demanded demands called calls told tells thought thinks wondered wonders "
        + "screamed yelled growled groaned sighed gasped laughed sobbed shrieked roared hissed snapped stammered faltered suggested insisted declared announced explained protested objected retorted responded "
        + "went kept broke queried questioned chimed urged begged pleaded echoed ejaculated resumed pursued vociferated persisted commented concluded finished ventured proceeded mused reflected proclaimed corrected reminded warned ordered commanded implored entreated moaned wailed grumbled grunted drawled sneered chuckled giggled stated wrote writes joked admitted noted babbled assented agreed");

    /// <summary>Names that end in an exclamation or question mark.</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EmphaticNames = Words("Yahoo Jeopardy Wham Joomla Kahoot");

    private static FrozenDictionary<string, AbbreviationKind>.AlternateLookup<ReadOnlySpan<char>> Build(params (AbbreviationKind Kind, string Words)[] rows)
    {
        Dictionary<string, AbbreviationKind> all = new(StringComparer.Ordinal);
        foreach ((AbbreviationKind kind, string words) in rows)
        {
            foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries)) all.Add(word, kind);
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(string words)
        => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
