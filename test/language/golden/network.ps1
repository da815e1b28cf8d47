#Requires -Version 3.0
#Requires -RunAsAdministrator
#Requires -Modules Hyper-V
# The switches and machines of Exchange, for Hyper-V on Windows Server 2022.
# It can run again: what is there is changed where it differs, and nothing is removed.
# Machines that are not off are left as they are. Workloads, scenarios and the hardware are no part of it.
$ErrorActionPreference = 'Stop'

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

if ((Get-VMHost).NumaSpanningEnabled -ne $true) { Set-VMHost -NumaSpanningEnabled $true }
# The parent reserves 20 % of the processors and 2 GB; there is no cmdlet for that.

if (-not (Get-VMSwitch | Where-Object Name -EQ 'Lan')) {
    New-VMSwitch -Name 'Lan' -NetAdapterInterfaceDescription '10 Gigabit Ethernet with SR-IOV' -AllowManagementOS $true -EnableIov $true -MinimumBandwidthMode Weight | Out-Null
}

if (-not (Get-VMSwitch | Where-Object Name -EQ 'Backstage')) {
    New-VMSwitch -Name 'Backstage' -SwitchType Private | Out-Null
}

# --- front: Windows Server 2022
$vm = Get-Machine -Name 'front' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 4294967296
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'front.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 10
    Set-MachineAdapter -VM $vm -Legacy $false -Index 1 -Switch 'Backstage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- ledger: Windows Server 2022
$vm = Get-Machine -Name 'ledger' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 1 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 4294967296
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'ledger.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Backstage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- backup: Debian 12
$vm = Get-Machine -Name 'backup' -Generation 2 -Memory 2147483648
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 1 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 2147483648
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'backup.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 214748364800 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0 -Policy @{ MaximumBandwidth = 2000000000; MinimumBandwidthWeight = 5 }
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- web: Windows Server 2022
$vm = Get-Machine -Name 'web' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 4294967296
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'web.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0 -Policy @{ MinimumBandwidthWeight = 50 }
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- feed: Debian 12
$vm = Get-Machine -Name 'feed' -Generation 2 -Memory 2147483648
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 2147483648
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'feed.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 21474836480 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0 -Policy @{ IovWeight = 100 }
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}
