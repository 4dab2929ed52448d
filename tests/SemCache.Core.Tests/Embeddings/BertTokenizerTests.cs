using SemCache.Core.Embeddings;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Embeddings;

public sealed class BertTokenizerTests
{
    [Theory]
    [InlineData("one\ttwo\r\nthree")]
    [InlineData("one\u00A0two\u3000three")]
    [InlineData("one\u2028two\u2029three")]
    [InlineData("  one  two three \n")]
    [InlineData("ONE two thr\u00AD\u00E9\u0000e")]
    public void Encode_OtherSpacesAndLetters_ReadsTheSameWords(string text)
    {
        using Stream vocabulary = File.OpenRead(Path.Combine(TestModels.Shipped, ModelManifest.VocabularyFile));
        var tokenizer = new BertTokenizer(vocabulary, lowerCase: true);

        Assert.Equal(tokenizer.Encode("one two three"), tokenizer.Encode(text));
        Assert.Equal(5, tokenizer.Encode(text).Length);
    }
}
