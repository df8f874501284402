using Infermux.HttpBench;

return args switch
{
    ["upstream", var port] => await MockUpstream.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)),
    ["yarp", var port, var upstream] => await BareYarp.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), upstream),
    ["streams", var url, var count, var seconds, var model] => await PacedStreams.RunAsync(
        url, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), model),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: upstream PORT | yarp PORT UPSTREAM_URL | streams BASE_URL COUNT SECONDS MODEL. bench/http.sh drives them all.");
    return 1;
}
