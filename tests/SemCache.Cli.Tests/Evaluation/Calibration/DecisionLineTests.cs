using System.Text.Json;
using SemCache.Cli.Evaluation.Calibration;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Tests.Evaluation.Calibration;

public class DecisionLineTests
{
    [Theory]
    [InlineData("'outcome':'exact_hit','right':null", 1, 1, null)]
    [InlineData(
        "'outcome':'semantic_hit','similarity':0.9,'probability':0.7,'right':false", 0.9, 0.7, false)]
    [InlineData("'outcome':'semantic_hit','similarity':0.99,'right':true", 0.99, 1, true)]
    [InlineData("'outcome':'miss','similarity':0.8", double.NaN, double.NaN, null)]
    [InlineData("'outcome':'miss','similarity':0.8,'probability':0.3,'right':true", 0.8, 0.3, true)]
    [InlineData("'outcome':'miss','right':null", double.NaN, double.NaN, null)]
    public void Parse_Decisions_HaveTheScoresOfTheirBars(
        string fields, double bySimilarity, double byProbability, bool? right)
    {
        var decision = Parse(fields);

        Assert.Equal(new JudgedLookup(bySimilarity, right), decision.BySimilarity);
        Assert.Equal(new JudgedLookup(byProbability, right), decision.ByProbability);
    }

    [Theory]
    [InlineData("\"outcome\"", "'outcome':'hit'")]
    [InlineData("\"similarity\"", "'outcome':'semantic_hit'")]
    [InlineData("\"similarity\"", "'outcome':'miss','similarity':1.5")]
    [InlineData("\"probability\"", "'outcome':'miss','probability':-0.1")]
    [InlineData("\"right\"", "'outcome':'miss','right':'yes'")]
    public void Parse_BadField_IsNamed(string field, string fields) =>
        Assert.Contains(field, Assert.Throws<BadLineException>(() => Parse(fields)).Message);

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("'soon'")]
    public void Parse_BadTime_IsNamed(string time) =>
        Assert.Contains("\"time\"", Assert.Throws<BadLineException>(() => Parse("'outcome':'miss'", time)).Message);

    private static DecisionLine Parse(string fields, string time = "'2026-01-31T12:00:00Z'")
    {
        using var document = JsonDocument.Parse($"{{'time':{time},{fields}}}".Replace('\'', '"'));
        return DecisionLine.Parse(document.RootElement);
    }
}
