/** Functions that every script begins with: each brings one thing into the state that is wanted, and does nothing twice. */
export const SCRIPT_FUNCTIONS = `
# The machine of that name; a new one has no drives and no adapters.
function Get-Machine([string] $Name, [int] $Generation, [long] $Memory) {
    $found = @(Get-VM | Where-Object Name -EQ $Name)
    if ($found.Count -gt 1) { throw "Several machines are called $Name." }
    if ($found.Count -eq 1) { return $found[0] }
    $options = @{ Name = $Name; MemoryStartupBytes = $Memory; NoVHD = $true }
    if ($Generation -eq 2) { $options.Generation = 2 }
    $vm = New-VM @options
    Get-VMNetworkAdapter -VM $vm | Remove-VMNetworkAdapter
    Get-VMDvdDrive -VM $vm | Remove-VMDvdDrive
    $vm
}

function Get-DiskPath([string] $File) {
    if ([IO.Path]::IsPathRooted($File)) { return $File }
    Join-Path (Get-VMHost).VirtualHardDiskPath $File
}

function Add-Drive($VM, [string] $Type, [int] $Number, [int] $Location, [hashtable] $Disk) {
    if ($Type -eq 'SCSI') {
        while (@(Get-VMScsiController -VM $VM).Count -le $Number) { Add-VMScsiController -VM $VM }
    }
    Add-VMHardDiskDrive -VM $VM -ControllerType $Type -ControllerNumber $Number -ControllerLocation $Location @Disk
}

function Add-FileDrive($VM, [string] $Type, [int] $Number, [int] $Location, [string] $Path) {
    if (Get-VMHardDiskDrive -VM $VM | Where-Object Path -EQ $Path) { return }
    Add-Drive -VM $VM -Type $Type -Number $Number -Location $Location -Disk @{ Path = $Path }
}

function Add-PassThroughDrive($VM, [string] $Type, [int] $Number, [int] $Location, [int] $DiskNumber) {
    if (Get-VMHardDiskDrive -VM $VM | Where-Object DiskNumber -EQ $DiskNumber) { return }
    Add-Drive -VM $VM -Type $Type -Number $Number -Location $Location -Disk @{ DiskNumber = $DiskNumber }
}

# The adapter at that place among those of its kind.
function Set-MachineAdapter($VM, [bool] $Legacy, [int] $Index, [string] $Switch, [int] $Vlan, [string] $Trunk, [hashtable] $Policy = @{}) {
    $adapters = @(Get-VMNetworkAdapter -VM $VM | Where-Object IsLegacy -EQ $Legacy)
    if ($Index -lt $adapters.Count) { $adapter = $adapters[$Index] }
    else { $adapter = Add-VMNetworkAdapter -VM $VM -IsLegacy $Legacy -Passthru }
    if ($adapter.SwitchName -ne $Switch) { Connect-VMNetworkAdapter -VMNetworkAdapter $adapter -SwitchName $Switch }
    if ($Trunk) {
        Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Trunk -AllowedVlanIdList $Trunk -NativeVlanId $Vlan
    }
    elseif ($Vlan -gt 0) { Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Access -VlanId $Vlan }
    else { Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Untagged }
    if ($Policy.Count -gt 0) { Set-VMNetworkAdapter -VMNetworkAdapter $adapter @Policy }
}

# Windows translates the names of the services; the components it does not.
function Set-MachineService($VM, [string] $Component, [bool] $Enabled) {
    $service = Get-VMIntegrationService -VM $VM | Where-Object Id -Like "*$Component"
    if (-not $service -or $service.Enabled -eq $Enabled) { return }
    if ($Enabled) { $service | Enable-VMIntegrationService } else { $service | Disable-VMIntegrationService }
}
`.trim();
