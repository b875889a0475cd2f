using Keyhole.Engine.Readouts;
using Xunit;

namespace Keyhole.Engine.Tests.Readouts;

public sealed class TokenKeysTests
{
    [Fact]
    public void Keys_order_as_logits_falling_then_tokens_rising_and_read_back()
    {
        float[] logits = [float.MinValue, -3.5f, -1f, -float.Epsilon, -0f, 0f, float.Epsilon, 1f, 2.25f, float.MaxValue];
        (float Logit, int Token)[] tokens = [.. logits.SelectMany(logit => new[] { 0, 7, int.MaxValue }.Select(token => (logit, token)))];
        foreach ((float logit, int token) in tokens)
        {
            long key = TokenKeys.Of(logit, token);
            Assert.True(key > TokenKeys.None);
            Assert.Equal((logit + 0f, token), (TokenKeys.Logit(key), TokenKeys.Token(key)));
            foreach ((float other, int otherToken) in tokens)
            {
                int expected = logit != other ? logit.CompareTo(other) : otherToken.CompareTo(token);
                Assert.Equal(expected, Math.Sign(key.CompareTo(TokenKeys.Of(other, otherToken))));
            }
        }

        Assert.Equal((float.NegativeInfinity, -1), (TokenKeys.Logit(TokenKeys.None), TokenKeys.Token(TokenKeys.None)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(30)]
    public void Inserting_keeps_the_best_in_order(int length)
    {
        var random = new Random(length);
        long[] all = [.. Enumerable.Range(0, 300).Select(token => TokenKeys.Of((float)Math.Round((4 * random.NextDouble()) - 2, 1), token))];
        var keys = new long[length];
        Array.Fill(keys, TokenKeys.None);
        foreach (long key in all)
        {
            if (key > keys[^1])
            {
                TokenKeys.Insert(keys, key);
            }
        }

        Assert.Equal(all.OrderDescending().Take(length), keys);
    }
}
