using SemCache.Cli.Evaluation.Data;

namespace SemCache.Cli.Tests.Evaluation.Data;

public class QuestionStreamTests
{
    private static readonly DataFile _turns = new(
        "f", [new TurnLine(["h", "i"], "When?", "When was h?"), new TurnLine(["j", "k"], "When?", "When was j?")]);

    [Fact]
    public void Of_Pairs_AsksEachTextOnceInClassesOfConnectedPairs()
    {
        var file = new DataFile(
            "f", [new PairLine("a", "b", true), new PairLine("c", "b", true), new PairLine("a", "d", false)]);

        var stream = QuestionStream.Of(file, []);

        Assert.Equal(["a", "b", "c", "d"], stream.Select(asked => asked.Shown));
        Assert.Equal(2, stream.Select(asked => asked.Class).Distinct().Count());
        Assert.Single(stream.Take(3).Select(asked => asked.Class).Distinct());
    }

    [Fact]
    public void Of_Classes_ThoseThatMustMissShareNothing()
    {
        var file = new DataFile("f",
        [
            new ClassLine("a", "x"), new ClassLine("b", "oos"), new ClassLine("c", "x"), new ClassLine("d", "oos"),
            new ClassLine("a", "y"),
        ]);

        var stream = QuestionStream.Of(file, ["oos"]);

        Assert.Equal(["a", "b", "c", "d"], stream.Select(asked => asked.Shown));
        Assert.Equal(stream[0].Class, stream[2].Class);
        Assert.Equal(3, stream.Select(asked => asked.Class).Distinct().Count());
        Assert.Throws<UsageException>(() => QuestionStream.Of(file, ["none"]));
    }

    [Fact]
    public void Of_Turns_OneQuestionBehindTwoHistoriesIsTwoClasses()
    {
        var stream = QuestionStream.Of(_turns, []);

        Assert.Equal(4, stream.Count);
        Assert.Equal(stream[0].Class, stream[1].Class);
        Assert.NotEqual(stream[0].Class, stream[2].Class);
        Assert.Equal(["user", "assistant", "user"], stream[0].Prompt.Messages!.Select(message => message.Role));
        Assert.Equal("When was h?", stream[1].Prompt.Text);
    }

    [Fact]
    public void Mix_KeepsTheOrderOfTheStreamAndGivesNoiseClassesOfItsOwn()
    {
        var stream = QuestionStream.Of(
            new DataFile("f", [new PairLine("a", "b", true), new PairLine("c", "d", false)]), []);
        var noise = new DataFile("n", [.. "aefghijk".Select(letter => new TextLine($"{letter}"))]);

        var mixed = Noise.Mix(stream, noise, count: 5, seed: 1);

        Assert.Equal(9, mixed.Count);
        Assert.Equal(stream, mixed.Where(asked => asked.ClassName != Noise.ClassName));
        Assert.Equal(
            5, mixed.Where(asked => asked.ClassName == Noise.ClassName).DistinctBy(asked => asked.Class).Count());
        Assert.DoesNotContain(
            mixed, asked => asked.ClassName == Noise.ClassName && stream.Any(own => own.Class == asked.Class));
        Assert.DoesNotContain(mixed, asked => asked.ClassName == Noise.ClassName && asked.Shown == "a");
        Assert.Equal(Shown(mixed), Shown(Noise.Mix(stream, noise, 5, seed: 1)));
        Assert.NotEqual(Shown(mixed), Shown(Noise.Mix(stream, noise, 5, seed: 2)));
        Assert.Throws<UsageException>(() => Noise.Mix(stream, noise, count: 8, seed: 1));
    }

    [Fact]
    public void Trials_OfTurns_PairEqualQuestionsBehindOtherHistories()
    {
        var trials = Trial.Of(_turns);

        Assert.Equal([true, true, false], trials.Select(trial => trial.SameAnswer));
        Assert.Equal(("h ⏎ i ⏎ When?", "j ⏎ k ⏎ When?"), (trials[2].StoredShown, trials[2].AskedShown));
    }

    private static IEnumerable<string> Shown(IEnumerable<Asked> stream) => stream.Select(asked => asked.Shown);
}
