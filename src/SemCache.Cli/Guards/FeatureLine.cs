using System.Text;
using SemCache.Core.Matching.Guards;

namespace SemCache.Cli.Guards;

/// <summary>The verdicts on a pair as numbers, in the form that the verifier is trained with.</summary>
internal static class FeatureLine
{
    public static string Format(ReadOnlySpan<GuardVerdict> verdicts)
    {
        var line = new StringBuilder("{\"guards\":[", 16 + verdicts.Length * 4);
        for (int i = 0; i < verdicts.Length; i++)
        {
            line.Append(i == 0 ? "" : ",").Append(verdicts[i] switch
            {
                GuardVerdict.Pass => "0",
                GuardVerdict.Suspect => "0.5",
                _ => "1",
            });
        }

        return line.Append("]}").ToString();
    }
}
