using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests;

public class OutputTargetTests
{
    [Fact]
    public void A_new_or_old_file_in_a_folder_that_is_there_is_taken()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("old"), "");
        Assert.Null(OutputTarget.Fault(folder.File("new")));
        Assert.Null(OutputTarget.Fault(folder.File("old")));
        OutputTarget.Require(folder.File("old"), "KH1016");
    }

    [Fact]
    public void A_folder_and_a_missing_folder_are_refused_with_the_given_code()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("is a folder", OutputTarget.Fault(folder.Path), StringComparison.Ordinal);
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => OutputTarget.Require(folder.File("no/x"), "KH1016"));
        Assert.Equal("KH1016", refused.Code);
        Assert.Contains("there is no folder", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    [InlineData("/dev/stdout")]
    public void A_device_is_refused(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"This system has no '{path}'.");
        Assert.Contains("is a device", OutputTarget.Fault(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_device_or_into_the_folder_of_devices_is_refused_and_links_elsewhere_are_not()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "This system has no '/dev/null'.");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link"), "/dev/null");
        File.CreateSymbolicLink(folder.File("again"), folder.File("link"));
        Directory.CreateSymbolicLink(folder.File("devices"), "/dev");
        Directory.CreateSymbolicLink(folder.File("here"), folder.Path);
        Assert.Contains("is a device", OutputTarget.Fault(folder.File("link")), StringComparison.Ordinal);
        Assert.Contains("is a device", OutputTarget.Fault(folder.File("again")), StringComparison.Ordinal);
        Assert.Contains("is a device", OutputTarget.Fault(folder.File("devices/null")), StringComparison.Ordinal);
        Assert.Null(OutputTarget.Fault(folder.File("here/file")));
    }

    [Fact]
    public void Links_in_a_circle_lead_to_no_device()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links needs a right there.");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("a"), folder.File("b"));
        File.CreateSymbolicLink(folder.File("b"), folder.File("a"));
        Assert.Null(OutputTarget.Fault(folder.File("a")));
    }

    [Fact]
    public void Files_in_shared_memory_are_files()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "This system has no '/dev/shm'.");
        Assert.Null(OutputTarget.Fault("/dev/shm/keyhole-test.study"));
    }
}
