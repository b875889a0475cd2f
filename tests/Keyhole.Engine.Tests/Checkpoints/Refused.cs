using Keyhole.Engine;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Checks that an input is refused, with which code, and that the message says what a user needs.</summary>
internal static class Refused
{
    public static void With(string code, Action action, params string[] parts)
    {
        InputRefusedException error = Assert.Throws<InputRefusedException>(action);
        Assert.Equal(code, error.Code);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
