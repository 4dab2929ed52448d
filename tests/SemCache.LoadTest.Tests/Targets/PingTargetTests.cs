using Google.Protobuf;
using SemCache.LoadTest.Targets;
using SemCache.V1;

namespace SemCache.LoadTest.Tests.Targets;

/// <summary>Sizes of the empty call.</summary>
public sealed class PingTargetTests
{
    [Theory]
    [InlineData(30, 60)]
    [InlineData(500, 1200)]
    [InlineData(20_000, 100_000)]
    public void Like_AnyMessages_AreMatchedToTheByteOrTwo(int prompt, int response)
    {
        var request = new LookupRequest { Namespace = "ns", Prompt = new Prompt { Text = new string('a', prompt) } };
        var answer = new LookupResponse { Response = new Response { Text = new string('a', response) } };

        PingRequest ping = PingTarget.Like(request, answer);
        var pong = new PingResponse { Payload = ByteString.CopyFrom(new byte[ping.ResponseBytes]) };

        Assert.InRange(ping.CalculateSize(), request.CalculateSize() - 2, request.CalculateSize());
        Assert.InRange(pong.CalculateSize(), answer.CalculateSize() - 2, answer.CalculateSize());
    }
}
