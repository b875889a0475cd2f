using Keyhole.Exports;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Exports;

public sealed class CsvExportTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Plain()
    {
        using Study study = SmallStudies.Plain(_sample);
        CsvExport.Write(study, _sample.Folder);
        Assert.Equal("layer,expert,index,pole,rank,unit,position,coefficient,gate,routerWeight,target,prefix,targetText\n"
            + "0,,0,positive,0,1,2,1.5,,,4,\"\"\"Die 🙂\",\"\tStraße\n\"\n"
            + "0,,0,positive,1,0,1,0.1,,,3,The, cat\n"
            + "0,,0,positive,2,1,4,1E-10,,,,\"\"\"Die 🙂\tStraße\n 東京\",\n", File.ReadAllText(_sample.PathOf("triggers.csv")));
        Assert.Equal("layer,expert,index,n,mean,variance,skewness,excessKurtosis,min,max,sharePositive\n"
            + "0,,0,4,0.4375,0.44921875,0.6568077344996993,-1.0989792060491494,-0.25,1.5,0.5\n"
            + "2,,1,2,0,0,,,0,0,0\n", File.ReadAllText(_sample.PathOf("statistics.csv")));
    }

    [Fact]
    public void Gated()
    {
        using Study study = SmallStudies.Gated(_sample);
        CsvExport.Write(study, _sample.Folder);
        Assert.EndsWith("\n0,1,7,negative,0,0,2,-2,3.25,0.25,9,The cat,</s>\n", File.ReadAllText(_sample.PathOf("triggers.csv")), StringComparison.Ordinal);
        Assert.Equal("layer,expert,index,n,mean,variance,skewness,excessKurtosis,min,max,sharePositive,gate+in+,gate+in-,gate-in+,gate-in-\n"
            + "0,1,7,4,0,1.625,-0.5430908357672789,-1,-2,1.5,0.5,0.5,0.25,0.25,0\n"
            + "0,1,8,0,,,,,,,,,,,\n", File.ReadAllText(_sample.PathOf("statistics.csv")));
    }
}
