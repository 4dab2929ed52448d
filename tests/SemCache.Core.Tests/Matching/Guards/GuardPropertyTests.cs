using System.Diagnostics;
using System.Globalization;
using CsCheck;
using SemCache.Core.Matching.Guards;

namespace SemCache.Core.Tests.Matching.Guards;

public class GuardPropertyTests
{
    private const int LargestPrompt = 256 * 1024;

    // What guards look for, in any order, so that random prompts are not all noise.
    private static readonly string[] _telling =
    [
        "12", "twelve", "1,000", "3.10", "v2", "2024-01-05", "5pm", "May", "not", "don't", "on", "turn", "from", "to",
        "Boston", "C++", "--force", "\"", "'", "`", "https://a.com/x", "a@b.com", "first", "at least", "km", "$", "½",
        "?", ".", "\n", "→", "\u200b", "\u202e", "\u00ad", "hard", "soft", "cheap", "expensive", "simple", "complex",
        "not possible", "most", "least", "World War I", "and a half", "an hour", "٣", "−5", "in km", "2+2", "x > 5", "<=",
        "*", "how many", "when", "\ud83d", "é", "的", "1/0", "99999999999999999999999999999999999999",
    ];

    private static readonly Gen<string> _piece = Gen.OneOf(
        Gen.String, Gen.Int[0, _telling.Length - 1].Select(i => _telling[i]));

    private static readonly Gen<string> _prompt = _piece.Array[0, 12].Select(pieces => string.Join(' ', pieces));

    [Fact]
    public void Compare_AnyPrompts_IsSymmetricInItsVerdict() =>
        Gen.Select(_prompt, _prompt).Sample((a, b) =>
            GuardSet.Shipped.All(guard =>
                guard.Compare(new PromptReading(a), new PromptReading(b)).Verdict
                == guard.Compare(new PromptReading(b), new PromptReading(a)).Verdict));

    [Fact]
    public void Compare_APromptWithItself_Passes() =>
        _prompt.Sample(a => GuardSet.Shipped.All(guard =>
            guard.Compare(new PromptReading(a), new PromptReading(a)) == GuardFinding.Pass));

    [Fact]
    public void Compare_InAnotherCulture_FindsTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string culture in new[] { "tr-TR", "de-DE", "ar-SA" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture);
                var a = new PromptReading("IS 1,000.5 KM IN ISTANBUL?");
                var b = new PromptReading("is 1000.5 km in istanbul?");
                Assert.All(GuardSet.Shipped, guard => Assert.Equal(GuardVerdict.Pass, guard.Compare(a, b).Verdict));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("A")]
    [InlineData("Ab ")]
    [InlineData("Ab. ")]
    [InlineData("1 ")]
    [InlineData("1-")]
    [InlineData("1.")]
    [InlineData("a_b ")]
    [InlineData("\"a")]
    [InlineData("'a ")]
    [InlineData("`")]
    [InlineData("not. ")]
    [InlineData("x? not ")]
    [InlineData("not ")]
    [InlineData("turn on ")]
    [InlineData("from a to b ")]
    [InlineData("5 km ")]
    [InlineData("two hundred and ")]
    [InlineData("a.b@c.com ")]
    [InlineData("when ")]
    [InlineData("\u0301")]
    [InlineData("\u200b")]
    [InlineData("\ud83d\ude00 ")]
    [InlineData("٣")]
    [InlineData("hard soft cheap easy ")]
    [InlineData("1+")]
    [InlineData("a > ")]
    [InlineData("war I ")]
    [InlineData("--a ")]
    [InlineData("5 and a half ")]
    [InlineData("的")]
    public void Compare_LargestHostilePrompts_TakesLinearTime(string pattern)
    {
        string a = string.Concat(Enumerable.Repeat(pattern, LargestPrompt / pattern.Length));
        string b = "other? " + a[..^8] + " Zz 7 unlike \"q\" zz_q --zz";
        var (asked, stored) = (new PromptReading(a), new PromptReading(b));
        var watch = Stopwatch.StartNew();

        foreach (var guard in GuardSet.Shipped)
        {
            guard.Compare(asked, stored);
        }

        // Tens of milliseconds alone; what is quadratic in the prompt takes minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    [Fact]
    public void Compare_DistinctNamesAndQuotesWithoutEnd_TakesLinearTime()
    {
        static string Names(char first) => string.Concat(Enumerable.Range(0, 17_000).Select(i =>
            $"is {first}x{(char)('a' + i % 26)}{(char)('a' + i / 26 % 26)}{(char)('a' + i / 676)} \"{i}{first}\" "));
        var (a, b) = (new PromptReading("Who " + Names('Q')), new PromptReading("Who " + Names('Z')));
        var same = new PromptReading("Who " + Names('Q') + "else");
        var watch = Stopwatch.StartNew();

        Assert.Contains(GuardSet.Shipped, guard => guard.Compare(a, b).Verdict == GuardVerdict.Stop);
        Assert.DoesNotContain(GuardSet.Shipped, guard => guard.Compare(a, same).Verdict == GuardVerdict.Stop);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    [Fact]
    public void Shipped_Names_AreUniqueAndWellFormed()
    {
        Assert.Equal(GuardSet.Shipped.Count, GuardSet.Shipped.Select(guard => guard.Name).Distinct().Count());
        Assert.All(GuardSet.Shipped, guard => Assert.Matches("^[a-z_]{1,32}$", guard.Name));
    }
}
