namespace SemCache.Cli.Evaluation.Running;

/// <summary>A policy with the options that one run of it has: a namespace of the engine.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Label">Tells settings of one policy apart; empty for the only one.</param>
/// <param name="Options">Options of the namespace.</param>
internal sealed record Setting(Policy Policy, string Label, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The bar at its lowest: scores show what every higher bar would do.</summary>
    public static Setting Lowest(Policy policy) => new(policy, "", With(policy.Checks, policy.Lowest));

    /// <summary>As the policy ships.</summary>
    public static Setting Shipped(Policy policy) => new(policy, "", policy.Checks);

    /// <summary>With one option set to a value.</summary>
    public static Setting At(Policy policy, string option, double value)
    {
        var text = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return new(policy, text, With(policy.Checks, new Dictionary<string, string> { [option] = text }));
    }

    private static Dictionary<string, string> With(
        IReadOnlyDictionary<string, string> options, IReadOnlyDictionary<string, string> more)
    {
        var all = options.ToDictionary();
        foreach (var (option, value) in more)
        {
            all[option] = value;
        }

        return all;
    }
}
