using Xunit;

namespace Keyhole.Cli.Tests;

public class OutputPathTests
{
    [Fact]
    public void A_file_in_a_folder_that_is_there_is_taken()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(folder.At("a.study"), OutputPath.RequireFile(folder.At("a.study"), "-o"));
        Assert.Equal(folder.Write("old", ""), OutputPath.RequireFile(folder.At("old"), "-o"));
    }

    [Fact]
    public void A_folder_and_a_missing_folder_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("is a folder", Assert.Throws<UsageException>(() => OutputPath.RequireFile(folder.Root, "-o")).Message, StringComparison.Ordinal);
        Assert.Contains("there is no folder", Assert.Throws<UsageException>(() => OutputPath.RequireFile(folder.At("no", "x"), "-o")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    [InlineData("/dev/stdout")]
    public void A_device_is_refused(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"This system has no '{path}'.");
        Assert.Contains("is a device", Assert.Throws<UsageException>(() => OutputPath.RequireFile(path, "-o")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_device_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "This system has no '/dev/null'.");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("link"), "/dev/null");
        Assert.Contains("is a device", Assert.Throws<UsageException>(() => OutputPath.RequireFile(folder.At("link"), "-o")).Message, StringComparison.Ordinal);
    }
}
