namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// English words that carry grammar, not content: they begin sentences in capitals and bound phrases.
/// </summary>
internal static class FunctionWords
{
    private const string Words =
        "a an the this that these those my your his her its our their me you him us them i he she it we they who whom "
        + "whose what which when where why how is are was were be been being am do does did done doing have has had "
        + "having can could should would will shall may might must not no nor and or but if then else so than as at by "
        + "for from in into of off on onto out over per to toward towards under until up upon via vs versus with "
        + "within without about above across after against along among around before behind below beneath beside "
        + "between beyond down during near through throughout there here just only also too very any some all each "
        + "every both either neither one ones other others another such same own let lets get gets got don't doesn't "
        + "didn't can't won't isn't aren't because while since though although whether however please hi hello hey "
        + "dear ok okay yes give tell show find";

    public static IEnumerable<string> All => Words.Split(' ');
}
