using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

/// <summary>A real Slurm of one node with two processors, in a folder of its own: munged, slurmctld and slurmd, started by the first test that needs it.</summary>
public sealed class SlurmCluster : IDisposable
{
    private static readonly string[] Programs = ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"];
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5); // A guard against a hang, no measure of speed.
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _daemons = [];
    private string? _fault;

    /// <summary>What a process needs in its environment to reach this Slurm.</summary>
    internal Dictionary<string, string> Environment { get; } = [];

    /// <summary>Waits until something is so; fails with what it waited for, and what Slurm logged.</summary>
    public static void WaitUntil(Func<bool> condition, string what, Func<string>? more = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Longest, $"Waited in vain until {what}. {more?.Invoke()}");
            Thread.Sleep(100);
        }
    }

    /// <summary>Starts the daemons, once; skips the test with a sentence where that cannot be.</summary>
    public void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Programs.All(File.Exists) && System.Environment.IsPrivilegedProcess, "The test starts a Slurm of its own: it needs Debian's slurm-wlm and munge, and root.");
        if (_daemons.Count == 0)
        {
            Start();
        }

        Assert.True(_fault is null, _fault);
    }

    /// <summary>Runs a program that may talk to this Slurm; the test fails where it does.</summary>
    public string Run(string program, params string[] arguments)
    {
        CommandResult result = KeyholeProcess.Start(program, Environment, "", arguments);
        Assert.True(result.ExitStatus == 0, $"{program} {string.Join(' ', arguments)}: {result.Error}");
        return result.Output;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_daemons.Count > 0 && _fault is null)
        {
            Run("scancel", "--user=root");
            WaitUntil(() => Run("squeue", "--noheader").Length == 0, "the queue was empty");
        }

        foreach (Process daemon in Enumerable.Reverse(_daemons))
        {
            daemon.Kill();
            daemon.WaitForExit();
            daemon.Dispose();
        }

        _folder.Dispose();
    }

    private void Start()
    {
        foreach (string name in (string[])["munge", "state", "spool"])
        {
            Directory.CreateDirectory(_folder.File(name));
        }

        string key = _folder.Write("munge/key", RandomNumberGenerator.GetBytes(1024));
        Run("chmod", "600", key);
        string socket = _folder.File("munge", "socket");
        string host = Dns.GetHostName().Split('.')[0];
        string folder = _folder.Path;
        Environment["SLURM_CONF"] = _folder.Write("slurm.conf", $"""
            ClusterName=keyhole
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            CredType=cred/munge
            AuthInfo=socket={socket}
            StateSaveLocation={folder}/state
            SlurmdSpoolDir={folder}/spool
            SlurmctldPidFile={folder}/slurmctld.pid
            SlurmdPidFile={folder}/slurmd.pid
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SchedulerParameters=sched_interval=1,bf_interval=1
            KillWait=5
            ReturnToService=2
            NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
            PartitionName=work Nodes={host} Default=YES MaxTime=INFINITE State=UP

            """);
        Start("/usr/sbin/munged", "--foreground", "--force", $"--key-file={key}", $"--socket={socket}", $"--pid-file={folder}/munge/pid", $"--seed-file={folder}/munge/seed");
        WaitUntil(() => File.Exists(socket), "munged had its socket");
        Start("/usr/sbin/slurmctld", "-D");
        Start("/usr/sbin/slurmd", "-D");
        string last = "";
        try
        {
            WaitUntil(
                () =>
                {
                    CommandResult state = KeyholeProcess.Start("sinfo", Environment, "", ["--noheader", "--format=%T"]);
                    last = state.Output + state.Error;
                    return state.Output.Trim() == "idle";
                },
                "the node was idle",
                () => $"sinfo: {last}");
        }
        catch (Exception failure)
        {
            _fault = failure.Message;
            throw;
        }
    }

    private void Start(string program, params string[] arguments)
    {
        // Whatever a daemon says is dropped: a pipe that nobody reads would stop it.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments]);
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        _daemons.Add(Process.Start(start)!);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
