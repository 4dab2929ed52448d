using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SemCache.Cli.Transfer;
using SemCache.V1;

namespace SemCache.Cli.Tests.Transfer;

public class EntryLineTests
{
    public static TheoryData<Entry> Entries => new(
        Sample(new Prompt { Text = "Was heißt \"ü\" \u2028 \n in 日本語 😀?" }, new Response { Text = "a\r\nb\u0000\"" }),
        Sample(
            new Prompt { Conversation = new Conversation { Messages = { new Message { Role = "user", Content = "Hi" } } } },
            new Response { Data = ByteString.CopyFrom(0, 255, 128), ContentType = "application/x-thing" }),
        new Entry { Prompt = new Prompt { Text = "p" }, Response = new Response { Text = "" } });

    [Theory]
    [MemberData(nameof(Entries))]
    public void Parse_WhatFormatWrote_IsTheSameEntryOnOneLine(Entry entry)
    {
        var line = EntryLine.Format(entry);

        Assert.DoesNotContain('\n', line);
        Assert.Equal(entry, Parse(line));
    }

    [Fact]
    public void Parse_ShortForm_TakesPlainStrings()
    {
        var entry = Parse("""{"prompt":"Hi \"you\"","response":"Ho\n","tags":["a"],"scope":{"model":"m"}}""");

        Assert.Equal("Hi \"you\"", entry.Prompt.Text);
        Assert.Equal("Ho\n", entry.Response.Text);
        Assert.Equal(["a"], entry.Tags);
        Assert.Equal("m", entry.Scope["model"]);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("""{"prompt":"a","resp""", "not JSON")]
    [InlineData("""{"response":"a"}""", "has no prompt")]
    [InlineData("""{"prompt":"a"}""", "has no response")]
    [InlineData("""{"prompt":"a","response":{}}""", "has no response")]
    [InlineData("""{"prompt":"a","response":"b","promt":"c"}""", "not an entry: Unknown field: promt")]
    [InlineData("""{"prompt":"a","response":"b","tags":3}""", "not an entry: ")]
    [InlineData("""{"prompt":"a","prompt":"b","response":"b"}""", "not JSON")]
    [InlineData("""{"prompt":"a","response":"b","createdAt":"gestern"}""", "not an entry: ")]
    public void Parse_NoEntry_SaysWhatIsWrong(string line, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<BadLineException>(() => Parse(line)).Message);

    [Fact]
    public void Parse_NotUtf8_SaysSo() =>
        Assert.Equal("not UTF-8", Assert.Throws<BadLineException>(() => EntryLine.Parse([0x7b, 0xff])).Message);

    private static Entry Parse(string line) => EntryLine.Parse(Encoding.UTF8.GetBytes(line));

    private static Entry Sample(Prompt prompt, Response response)
    {
        var entry = new Entry
        {
            EntryId = "e1",
            Namespace = "support",
            Prompt = prompt,
            Response = response,
            Usage = new Usage { Model = "m", Cost = 0.0000151, Latency = TimeSpan.FromMilliseconds(820).ToDuration() },
            CreatedAt = new Timestamp { Seconds = 1_700_000_000, Nanos = 123_456_700 },
            ExpiresAt = new Timestamp { Seconds = 1_800_000_000 },
        };
        entry.Scope.Add("model", "m");
        entry.Tags.Add(["a", "b"]);
        return entry;
    }
}
