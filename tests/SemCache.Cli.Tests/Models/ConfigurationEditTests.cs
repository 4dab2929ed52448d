using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SemCache.Cli.Models;

namespace SemCache.Cli.Tests.Models;

public class ConfigurationEditTests
{
    private const string Key = "SemCache:Model:Path";

    [Theory]
    [InlineData("", "{\n  \"SemCache\": {\n    \"Model\": {\n      \"Path\": \"new\"\n    }\n  }\n}\n")]
    [InlineData("{ }", "{\n  \"SemCache\": {\n    \"Model\": {\n      \"Path\": \"new\"\n    }\n  }\n}")]
    [InlineData("{\"A\":1}", "{\n  \"SemCache\": {\n    \"Model\": {\n      \"Path\": \"new\"\n    }\n  },\"A\":1}")]
    [InlineData(
        "{\n  \"SemCache\": {\n  }\n}",
        "{\n  \"SemCache\": {\n    \"Model\": {\n      \"Path\": \"new\"\n    }\n  }\n}")]
    [InlineData(
        "{\n  \"SemCache\": {\n    \"Model\": { \"Workers\": 2 }\n  }\n}",
        "{\n  \"SemCache\": {\n    \"Model\": {\n      \"Path\": \"new\", \"Workers\": 2 }\n  }\n}")]
    [InlineData("{\"semcache\":{\"MODEL\":{\"path\":null}}}", "{\"semcache\":{\"MODEL\":{\"path\":\"new\"}}}")]
    [InlineData("{\"SemCache:Model:Path\":\"old\"}", "{\"SemCache:Model:Path\":\"new\"}")]
    [InlineData("{\"SemCache:Model\":{}}", "{\"SemCache:Model\":{\n    \"Path\": \"new\"\n  }}")]
    [InlineData(
        "{ // before\n  \"SemCache\": { /* here */ \"Model\": { \"Path\": \"old\", /* after */ } },\n}",
        "{ // before\n  \"SemCache\": { /* here */ \"Model\": { \"Path\": \"new\", /* after */ } },\n}")]
    [InlineData(
        "{\"SemCache\":{/* only this */}}",
        "{\"SemCache\":{\n    \"Model\": {\n      \"Path\": \"new\"\n    }\n  /* only this */}}")]
    [InlineData(
        "{\"Other\":{\"Model\":{\"Path\":\"x\"}},\"SemCache\":{\"Model\":{\"Path\":\"old\"}}}",
        "{\"Other\":{\"Model\":{\"Path\":\"x\"}},\"SemCache\":{\"Model\":{\"Path\":\"new\"}}}")]
    public void Set_ChangesNothingElse(string before, string after)
    {
        var edited = Encoding.UTF8.GetString(ConfigurationEdit.Set(Encoding.UTF8.GetBytes(before), Key, "new"));

        Assert.Equal(after, edited);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(edited));
        Assert.Equal("new", new ConfigurationBuilder().AddJsonStream(stream).Build()[Key]);
    }

    [Fact]
    public void Set_ByteOrderMark_Stays() =>
        Assert.Equal(
            "\uFEFF{\"SemCache:Model:Path\":\"new\"}",
            Encoding.UTF8.GetString(ConfigurationEdit.Set(
                Encoding.UTF8.GetBytes("\uFEFF{\"SemCache:Model:Path\":1}"), Key, "new")));

    [Theory]
    [InlineData("C:\\models\\a \"b\"")]
    [InlineData("/var/lib/größe/模型")]
    public void Set_ValueWithSpecialCharacters_IsReadBack(string value)
    {
        using var stream = new MemoryStream(ConfigurationEdit.Set("{}"u8, Key, value));

        Assert.Equal(value, new ConfigurationBuilder().AddJsonStream(stream).Build()[Key]);
    }

    [Theory]
    [InlineData("[]", "The configuration is no JSON object.")]
    [InlineData("{\"SemCache\":[]}", "SemCache is no object in the configuration.")]
    [InlineData("{\"SemCache\":{\"Model\":\"x\"}}", "SemCache:Model is no object in the configuration.")]
    [InlineData("{\"SemCache\":{\"Model\":{\"Path\":{}}}}", "SemCache:Model:Path is no text in the configuration.")]
    public void Set_SomethingElseInItsPlace_IsRefused(string before, string problem) =>
        Assert.Equal(
            problem,
            Assert.Throws<UsageException>(
                () => ConfigurationEdit.Set(Encoding.UTF8.GetBytes(before), Key, "new")).Message);

    [Theory]
    [InlineData("{")]
    [InlineData("{\"SemCache\":{\"Model\":{\"Path\":\"old\"}}")]
    [InlineData("{\"SemCache:Model:Path\":\"old\"} x")]
    public void Set_NoJson_IsRefused(string before) =>
        Assert.ThrowsAny<JsonException>(() => ConfigurationEdit.Set(Encoding.UTF8.GetBytes(before), Key, "new"));
}
