using SemCache.LoadTest.Peers;
using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Tests.Peers;

public sealed class QuestionTests
{
    [Fact]
    public void Of_Hits_TakesTextsAndResponses()
    {
        Probe hit = new(Requests.Lookup("a", "Why?"), Outcome.ExactHit, "Because.");

        Assert.Equal([new Question("Why?", "Because.")], Question.Of([hit]));
    }

    [Theory]
    [InlineData("Because.", null)]
    [InlineData("Because", "the response of another prompt")]
    [InlineData(null, "nothing found")]
    public void Check_Response_IsRightOnlyIfItIsTheSame(string? response, string? problem) =>
        Assert.Equal(problem, new Question("Why?", "Because.").Check(response));
}
