using Infermux.EmbeddedStore.Tests;
using Xunit.MicrosoftTestingPlatform;

return args is [StoreProcess.Verb, var dataDir]
    ? await StoreProcess.ServeAsync(dataDir)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
